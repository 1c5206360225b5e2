// The collection as a list: which audio files there are, their labels and groups. Nothing is decoded.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ingest/catalogue/error.hpp"
#include "ingest/tree/tree.hpp"
#include "pipeline/config/experiment.hpp"
#include "pipeline/dataset/track.hpp"

namespace chorale::catalogue {

struct Entry {
  dataset::Track track;
  std::uint64_t bytes = 0, place = 0;  // of tree::Entry
  std::vector<float> features = {};    // numbers that the catalogue itself holds (Precomputed)
  tree::Entry features_file = {};  // a vector of them in a file beside that of the track; path empty: none
  // Of what its .npy files hold; 0: there are none. For the hash of its shard: ranks do not hand it on.
  std::uint64_t arrays_hash = 0;
};

// What cannot be used, known before anything is decoded; it goes to quarantine.
struct Refused {
  std::string path, stage, reason;
};
inline constexpr const char* kStage = "catalogue";  // of what the metadata say; "list": of what the tree says

// The tracks are not audio: their files hold spectrograms, or vectors of features, that other programs
// computed.
struct Precomputed {
  std::size_t bins = 0;                   // of the spectrogram, [frames, bins]; 0: there is none
  std::size_t width = 0;                  // numbers in the vector of a track; 0: there is none
  std::vector<std::string> columns = {};  // their names, where they have any
};

struct Catalogue {
  std::vector<dataset::Task> tasks = {};  // classes in their stored order
  std::vector<Entry> entries = {};        // sorted by id, byte order; ids are unique
  std::vector<Refused> refused = {};
  std::optional<Precomputed> precomputed = {};
};

// Lists `dataset.root`. docs/datasets.md describes each kind:
//  - folder: the class is the first folder's name, files lie at any depth below it; id = path without
//  extension;
//  - gtzan: ROOT, ROOT/genres, ROOT/genres_original or ROOT/Data/genres_original holds
//  <genre>/<genre>.000NN.wav or
//    .au; id = file name without extension ("blues.00012"), as the published lists name tracks;
//  - fma: fma.hpp; manifest: manifest.hpp.
// Groups as dataset.group asks; artists come from FMA's metadata, from the manifest, or (folder, gtzan) from
// dataset.metadata: a CSV file, or a folder that holds ground_truth.csv or metadata.csv, with a column
// `artist` and one of `path`, `filename`, `id`. Without metadata the group is left empty, to be filled from
// the file's tags. A track whose artist is unknown is a group of its own. max_tracks keeps the proportions of
// the classes. Throws CatalogueError (exit status 2): no folder, no audio (says what was looked for and what
// is there), an id twice, a pattern that does not match, metadata without the columns; TreeError.
Catalogue make_catalogue(const config::Dataset& options);
// Of a tree that is open: tree_root()'s.
Catalogue make_catalogue(const config::Dataset& options, const tree::Tree& tree);

// The tree that the paths of the tracks are relative to: dataset.root, but for a manifest that is
// dataset.root itself.
std::filesystem::path tree_root(const config::Dataset& options);

}  // namespace chorale::catalogue
