// What FMA's genre columns say, as labels.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ingest/catalogue/catalogue.hpp"
#include "ingest/catalogue/fma_tracks.hpp"
#include "ingest/catalogue/genre_tree.hpp"

namespace chorale::catalogue {

// Tasks are named as columns: genre_top or genre (single: the root genre, where a track has one only),
// genres, genres_all and genre_roots (multi: those its artist named, with all above them, the roots of
// those). An empty column means that nobody said: the label is unknown.
class FmaLabels {
 public:
  // Throws CatalogueError for a task that is no such column, or of another kind. Keeps a reference to the
  // tree.
  FmaLabels(const config::Dataset& options, const GenreTree& genres);

  // One label a task, whose classes are indices into the tree's genres until finish() is called. Returns what
  // is wrong when a genre is not in the tree: the track is outside of the schema.
  std::optional<std::string> read(const FmaRow& row, std::vector<dataset::Label>& labels);

  // The tasks, with the genres that the entries have as their classes, in the order of genre_id, by title;
  // sets the labels of the entries to these.
  std::vector<dataset::Task> finish(std::span<Entry> entries) const;

 private:
  enum class Column { kTop, kGenres, kAll, kRoots };
  struct Task {
    std::string name;
    config::TaskKind kind;
    Column column;
  };
  std::optional<std::string> read_list(std::string_view list, Column column, dataset::Label& label);
  std::string title_of(std::size_t genre) const;

  const GenreTree& genres_;
  std::vector<Task> tasks_;
};

}  // namespace chorale::catalogue
