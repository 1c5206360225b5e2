// FMA (github.com/mdeff/fma): clips as NNN/NNNNNN.mp3, and what fma_metadata says of them.
#pragma once

#include "ingest/catalogue/catalogue.hpp"

namespace chorale::catalogue {

// The tracks of dataset.subset whose clips are in the tree, directly or below one folder (fma_small/000/...).
// The metadata are tracks.csv and genres.csv in dataset.metadata (a folder or an archive), or in the tree
// itself. Refused are: a track without a clip, a clip that tracks.csv does not name, a track with a genre
// that genres.csv does not name. Clips of tracks of larger subsets are left out. Throws CatalogueError.
Catalogue read_fma(const config::Dataset& options, const tree::Tree& tree, const tree::Listing& listing);

}  // namespace chorale::catalogue
