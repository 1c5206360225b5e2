// Manifests: any collection, described by a CSV or JSON file of its tracks. docs/datasets.md.
#pragma once

#include <filesystem>

#include "ingest/catalogue/catalogue.hpp"

namespace chorale::catalogue {

// Where a manifest lies, and the tree that its paths are relative to.
struct ManifestPlace {
  std::filesystem::path tree;
  std::filesystem::path file;  // empty: manifest.csv, .json or .jsonl in the tree itself
};
// dataset.root may be the manifest itself: its paths are then relative to the folder it lies in. Otherwise
// root is the tree, and dataset.metadata the manifest.
ManifestPlace manifest_place(const config::Dataset& options);

// Columns: path, id (default: the path without its extension), split, artist or group, one a task, and for
// data that other programs made spectrogram, features and feature.NAME (Precomputed). Others are ignored.
// Refused are records whose file is not in the tree. Throws CatalogueError with everything that is wrong, by
// line: a column missing, labels that are not of their kind, ids twice, paths that are empty, absolute or
// lead out of the tree.
Catalogue read_manifest(const config::Dataset& options, const tree::Tree& tree, const tree::Listing& listing);

}  // namespace chorale::catalogue
