#include "ingest/catalogue/fma_labels.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ingest/catalogue/field.hpp"

namespace chorale::catalogue {
namespace {

// Of text such as "[17, 10, 76]"; nothing when it is something else.
std::optional<std::vector<int>> ids_in(std::string_view text) {
  if (text.empty()) return std::vector<int>();
  if (!text.starts_with('[') || !text.ends_with(']') || text.size() < 2) return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::vector<int> ids;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view item = text.substr(0, comma);
    while (item.starts_with(' ')) item.remove_prefix(1);
    const auto id = number_in<int>(item);
    if (!id) return std::nullopt;
    ids.push_back(*id);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return ids;
}

}  // namespace

FmaLabels::FmaLabels(const config::Dataset& options, const GenreTree& genres) : genres_(genres) {
  struct Known {
    const char* name;
    Column column;
    config::TaskKind kind;
  };
  const Known kKnown[] = {{"genre_top", Column::kTop, config::TaskKind::kSingle},
                          {"genre", Column::kTop, config::TaskKind::kSingle},
                          {"genres", Column::kGenres, config::TaskKind::kMulti},
                          {"genres_all", Column::kAll, config::TaskKind::kMulti},
                          {"genre_roots", Column::kRoots, config::TaskKind::kMulti}};
  for (const auto& task : options.tasks) {
    const auto& [name, kind] = task;
    const auto* known = std::find_if(std::begin(kKnown), std::end(kKnown),
                                     [&](const Known& k) { return k.name == task.first; });
    if (known == std::end(kKnown) || known->kind != kind) {
      throw CatalogueError(
          fmt::format("dataset.tasks: FMA has no task {} of this kind. It has genre_top = \"single\" (or "
                      "genre), genres, genres_all "
                      "and genre_roots = \"multi\".",
                      name));
    }
    tasks_.push_back({name, kind, known->column});
  }
}

std::optional<std::string> FmaLabels::read(const FmaRow& row, std::vector<dataset::Label>& labels) {
  labels.assign(tasks_.size(), {});
  for (std::size_t t = 0; t < tasks_.size(); ++t) {
    if (tasks_[t].column != Column::kTop) {
      if (auto wrong = read_list(tasks_[t].column == Column::kAll ? row.genres_all : row.genres,
                                 tasks_[t].column, labels[t]))
        return wrong;
      continue;
    }
    if (row.genre_top.empty()) continue;
    const auto genre = genres_.find_root(row.genre_top);
    if (!genre) return fmt::format("its genre_top \"{}\" is no root genre of genres.csv", row.genre_top);
    labels[t] = dataset::Label::of_class(static_cast<std::int32_t>(*genre));
  }
  return std::nullopt;
}

std::optional<std::string> FmaLabels::read_list(std::string_view list, Column column, dataset::Label& label) {
  const auto ids = ids_in(list);
  if (!ids) return fmt::format("its genres are no list of numbers: {}", list);
  std::vector<std::int32_t> classes;
  for (const int id : *ids) {
    const auto genre = genres_.find(id);
    if (!genre) return fmt::format("its genre {} is not in genres.csv", id);
    classes.push_back(static_cast<std::int32_t>(column == Column::kRoots ? genres_.root_of(*genre) : *genre));
  }
  std::sort(classes.begin(), classes.end());
  classes.erase(std::unique(classes.begin(), classes.end()), classes.end());
  if (!classes.empty()) label = dataset::Label::of_classes(std::move(classes));
  return std::nullopt;
}

// Two genres of one title are told apart by their ids.
std::string FmaLabels::title_of(std::size_t genre) const {
  const auto& all = genres_.genres();
  const auto same = std::count_if(all.begin(), all.end(),
                                  [&](const Genre& other) { return other.title == all[genre].title; });
  return same == 1 ? all[genre].title : fmt::format("{} ({})", all[genre].title, all[genre].id);
}

std::vector<dataset::Task> FmaLabels::finish(std::span<Entry> entries) const {
  std::vector<dataset::Task> tasks;
  for (std::size_t t = 0; t < tasks_.size(); ++t) {
    std::vector<std::int32_t> class_of(genres_.genres().size(), -1);
    for (const Entry& entry : entries) {
      for (const std::int32_t genre : entry.track.labels[t].classes)
        class_of[static_cast<std::size_t>(genre)] = 0;
    }
    dataset::Task& task = tasks.emplace_back(dataset::Task{tasks_[t].name, tasks_[t].kind, {}});
    for (std::size_t genre = 0; genre < class_of.size(); ++genre) {
      if (class_of[genre] < 0) continue;
      class_of[genre] = static_cast<std::int32_t>(task.classes.size());
      task.classes.push_back(title_of(genre));
    }
    for (Entry& entry : entries) {
      for (std::int32_t& genre : entry.track.labels[t].classes)
        genre = class_of[static_cast<std::size_t>(genre)];
    }
  }
  return tasks;
}

}  // namespace chorale::catalogue
