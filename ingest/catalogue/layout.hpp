// How a collection lies in its folders: from audio files to labelled tracks.
#pragma once

#include <string>
#include <vector>

#include "ingest/catalogue/scan.hpp"
#include "pipeline/config/experiment.hpp"

namespace chorale::catalogue {

struct LabelledFile {
  std::string id, path, label;
  std::uint64_t bytes = 0;
};

// In the order of the scan. Files that the layout has no place for are named in a warning. Throws
// CatalogueError when nothing is left.
std::vector<LabelledFile> read_folder_layout(const config::Dataset& options);
std::vector<LabelledFile> read_gtzan_layout(const config::Dataset& options);

}  // namespace chorale::catalogue
