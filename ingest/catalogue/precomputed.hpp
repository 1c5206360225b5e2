// The columns of a manifest that point at spectrograms and features which other programs made.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ingest/catalogue/catalogue.hpp"
#include "ingest/catalogue/file_finder.hpp"
#include "ingest/catalogue/records.hpp"
#include "ingest/tables/feature_table.hpp"

namespace chorale::catalogue {

// - spectrogram: an .npy file [frames, bins];
// - features: an .npy file of a vector, or a CSV file that has a column id and a number in every other
// column;
// - feature.NAME: a number.
class PrecomputedColumns {
 public:
  // Keeps references to the tree and the problems.
  PrecomputedColumns(const std::vector<std::string>& names, const tree::Tree& tree, Problems& problems);

  bool any() const { return spectrogram_ || features_ || !numbers_.empty(); }

  // Sets what the current record says of an entry whose id is set; its path becomes that of the first file to
  // read. False when it cannot be: a file or a table's row that is not there goes to `refused`, wrong text to
  // the problems.
  bool read(const Records& records, FileFinder& files, Entry& entry, std::vector<Refused>& refused);

  // Nothing where there are no such columns. The widths are those that most of the first 100 files of each
  // kind have that can be read. Throws CatalogueError when none can.
  std::optional<Precomputed> describe(const std::vector<Entry>& entries) const;

 private:
  bool read_numbers(const Records& records, Entry& entry);
  bool read_features(std::string_view path, const Records& records, FileFinder& files, Entry& entry,
                     std::vector<Refused>& refused);
  const tree::Entry* find(std::string_view path, const Records& records, FileFinder& files,
                          std::vector<Refused>& refused);
  const tables::FeatureTable* table(const tree::Entry& file);

  const tree::Tree& tree_;
  Problems& problems_;
  std::optional<std::size_t> spectrogram_, features_;
  std::vector<std::pair<std::size_t, std::string>> numbers_;  // place and name
  std::map<std::string, tables::FeatureTable> tables_;        // by path
};

// The .npy files of an entry: its spectrogram, its vector.
std::vector<tree::Entry> array_files(const Precomputed& precomputed, const Entry& entry);

// Sets arrays_hash of each entry; reads all its .npy files.
void hash_arrays(const tree::Tree& tree, const Precomputed& precomputed, std::span<Entry> entries);

}  // namespace chorale::catalogue
