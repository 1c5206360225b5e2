// A smaller collection with the same proportions.
#pragma once

#include <vector>

#include "ingest/catalogue/layout.hpp"

namespace chorale::catalogue {

// `max_tracks` of the files (all when 0), in their order: of each class its share by largest remainders, and
// within a class those whose id has the smallest hash, so that a larger max_tracks keeps what a smaller one
// had.
std::vector<LabelledFile> select(std::vector<LabelledFile> files, std::size_t max_tracks);

}  // namespace chorale::catalogue
