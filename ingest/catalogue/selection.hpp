// A smaller collection with the same proportions.
#pragma once

#include "ingest/catalogue/catalogue.hpp"

namespace chorale::catalogue {

// Keeps `max_tracks` of the entries (all when 0), in their order: of each class of the first task its share
// by largest remainders, and within a class those whose id has the smallest hash, so that a larger max_tracks
// keeps what a smaller one had. A track of several classes counts as one of the first; tracks of unknown
// class are one more.
void select(Catalogue& catalogue, std::size_t max_tracks);

}  // namespace chorale::catalogue
