// How a collection lies in its tree: from audio files to labelled tracks.
#pragma once

#include "ingest/catalogue/catalogue.hpp"

namespace chorale::catalogue {

// One task of kind single, its classes sorted by name, and entries in the order of the listing, without
// groups. Files that the layout has no place for are named in a warning. Throws CatalogueError when nothing
// is left, when dataset.tasks asks for something else, and for gtzan when both editions are there.
Catalogue read_folder_layout(const config::Dataset& options, const tree::Listing& listing);
Catalogue read_gtzan_layout(const config::Dataset& options, const tree::Listing& listing);

}  // namespace chorale::catalogue
