// FMA's genres.csv: the genres, and the tree they form.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pipeline/dataset/csv_reader.hpp"

namespace chorale::catalogue {

struct Genre {
  int id = 0, parent = 0, root = 0;  // parent 0: a root
  std::string title;
};

class GenreTree {
 public:
  // Columns genre_id, parent, title and top_level. Throws CatalogueError with every fault found and its line:
  // a column missing, an id twice, a title that is not UTF-8, an unknown parent, a circle, a top_level that
  // is not the root above.
  static GenreTree read(dataset::CsvReader reader);

  const std::vector<Genre>& genres() const { return genres_; }  // by id
  // Indices into genres().
  std::optional<std::size_t> find(int id) const;
  std::optional<std::size_t> find_root(std::string_view title) const;
  std::size_t root_of(std::size_t genre) const { return *find(genres_[genre].root); }

 private:
  std::vector<Genre> genres_;
  std::unordered_map<int, std::size_t> by_id_;
  std::map<std::string, std::size_t, std::less<>> roots_;  // by title
};

}  // namespace chorale::catalogue
