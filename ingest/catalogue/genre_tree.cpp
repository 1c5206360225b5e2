#include "ingest/catalogue/genre_tree.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ingest/catalogue/field.hpp"
#include "ingest/catalogue/problems.hpp"

namespace chorale::catalogue {
namespace {

struct Columns {
  std::size_t count = 0, id = 0, parent = 0, title = 0, root = 0;
};

Columns find_columns(dataset::CsvReader& reader, Problems& problems) {
  Columns columns;
  if (!reader.next()) {
    problems.add("is empty");
    problems.check();
  }
  columns.count = reader.fields().size();
  const auto place_of = [&](std::string_view name) {
    const auto found = std::find(reader.fields().begin(), reader.fields().end(), name);
    if (found == reader.fields().end())
      problems.add(reader.line(), fmt::format("there is no column {}", name));
    return static_cast<std::size_t>(found - reader.fields().begin());
  };
  columns.id = place_of("genre_id");
  columns.parent = place_of("parent");
  columns.title = place_of("title");
  columns.root = place_of("top_level");
  problems.check();
  return columns;
}

std::optional<Genre> genre_in(const dataset::CsvReader& reader, const Columns& columns, Problems& problems) {
  if (reader.fields().size() != columns.count) {
    problems.add(reader.line(),
                 fmt::format("the row has {} fields, the header {}", reader.fields().size(), columns.count));
    return std::nullopt;
  }
  const auto id = number_in<int>(reader.fields()[columns.id]);
  const auto parent = number_in<int>(reader.fields()[columns.parent]);
  const auto root = number_in<int>(reader.fields()[columns.root]);
  if (!id || !parent || !root || *id < 1 || *parent < 0) {
    problems.add(reader.line(), "genre_id, parent and top_level must be numbers, genre_id above 0");
    return std::nullopt;
  }
  if (!is_utf8(reader.fields()[columns.title])) {
    problems.add(reader.line(), fmt::format("genre {}: its title is not UTF-8", *id));
    return std::nullopt;
  }
  return Genre{*id, *parent, *root, std::string(reader.fields()[columns.title])};
}

}  // namespace

GenreTree GenreTree::read(dataset::CsvReader reader) {
  Problems problems(reader.origin());
  const Columns columns = find_columns(reader, problems);
  GenreTree tree;
  while (reader.next()) {
    if (auto genre = genre_in(reader, columns, problems)) tree.genres_.push_back(std::move(*genre));
  }
  std::stable_sort(tree.genres_.begin(), tree.genres_.end(),
                   [](const Genre& a, const Genre& b) { return a.id < b.id; });
  for (std::size_t i = 0; i < tree.genres_.size(); ++i) {
    const Genre& genre = tree.genres_[i];
    if (!tree.by_id_.emplace(genre.id, i).second)
      problems.add(fmt::format("genre {} stands there twice", genre.id));
    if (genre.parent == 0 && !tree.roots_.emplace(genre.title, i).second)
      problems.add(fmt::format("two root genres are called {}", genre.title));
  }
  for (const Genre& genre : tree.genres_) {
    const Genre* above = &genre;
    for (std::size_t steps = 0; above->parent != 0 && steps <= tree.genres_.size(); ++steps) {
      const auto parent = tree.find(above->parent);
      if (!parent) break;
      above = &tree.genres_[*parent];
    }
    if (above->parent != 0) {
      problems.add(fmt::format("genre {}: its parents lead to no root", genre.id));
    } else if (above->id != genre.root) {
      problems.add(fmt::format("genre {}: its top_level is {}, but its parents lead to {}", genre.id,
                               genre.root, above->id));
    }
  }
  problems.check();
  return tree;
}

std::optional<std::size_t> GenreTree::find(int id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::size_t> GenreTree::find_root(std::string_view title) const {
  const auto found = roots_.find(title);
  return found == roots_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace chorale::catalogue
