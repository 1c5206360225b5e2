// How a collection lies in its tree: from audio files to labelled tracks.
#pragma once

#include <string>
#include <vector>

#include "ingest/catalogue/error.hpp"
#include "ingest/tree/tree.hpp"
#include "pipeline/config/experiment.hpp"

namespace chorale::catalogue {

struct LabelledFile {
  std::string id, path, label;
  std::uint64_t bytes = 0, place = 0;  // of tree::Entry
};

// In the order of the listing. Files that the layout has no place for are named in a warning. Throws
// CatalogueError when nothing is left.
std::vector<LabelledFile> read_folder_layout(const config::Dataset& options, const tree::Listing& listing);
std::vector<LabelledFile> read_gtzan_layout(const config::Dataset& options, const tree::Listing& listing);

}  // namespace chorale::catalogue
