// What must not straddle splits.
#pragma once

#include <span>

#include "ingest/catalogue/catalogue.hpp"

namespace chorale::catalogue {

// Sets Track::group as make_catalogue describes; artists of FMA and of manifests are there already. Throws
// CatalogueError.
void assign_groups(std::span<Entry> entries, const config::Dataset& options);

}  // namespace chorale::catalogue
