// The clips of FMA that are published as bad. Nothing is left out because of this list: ingest finds bad
// clips by decoding them, and compares what it found.
#pragma once

#include <cstdint>
#include <vector>

#include "ingest/catalogue/fma_tracks.hpp"

namespace chorale::catalogue {

// In the archive of a subset: those of the smaller ones, too, but that fma_full holds uncut tracks.
std::vector<std::uint32_t> published_bad_clips(FmaSubset subset);

}  // namespace chorale::catalogue
