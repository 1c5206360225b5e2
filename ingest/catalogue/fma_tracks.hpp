// FMA's tracks.csv, row by row: three header lines (group, field, then track_id), columns addressed by group
// and field.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <unordered_set>

#include "ingest/catalogue/problems.hpp"
#include "pipeline/dataset/csv_reader.hpp"

namespace chorale::catalogue {

// Each subset holds those before it. `full` has the tracks of `large`, uncut.
enum class FmaSubset { kSmall, kMedium, kLarge, kFull };

// Texts are valid until the next row is read.
struct FmaRow {
  std::uint32_t id = 0;
  FmaSubset subset = FmaSubset::kFull;  // the smallest that holds the track
  std::string_view split, artist, genre_top, genres, genres_all;
};

class FmaTracks {
 public:
  // Throws CatalogueError: no table of this form, a column missing.
  // `expected`: about how many tracks there will be.
  explicit FmaTracks(dataset::CsvReader reader, std::size_t expected = 0);

  // False at the end. Rows that are wrong (ragged, no id, an id twice, an unknown subset or split) are left
  // out and added to problems().
  bool next(FmaRow& row);

  std::size_t line() const { return reader_.line(); }  // of the current row
  Problems& problems() { return problems_; }

 private:
  enum Column { kSplit, kSubset, kArtist, kGenreTop, kGenres, kGenresAll, kColumns };
  bool read(FmaRow& row);

  dataset::CsvReader reader_;
  Problems problems_;
  std::size_t width_ = 0;
  std::array<std::size_t, kColumns> place_{};
  std::unordered_set<std::uint32_t> ids_;
};

// As written in dataset.subset and set.subset. Throws CatalogueError for another name.
FmaSubset fma_subset(std::string_view name);

}  // namespace chorale::catalogue
