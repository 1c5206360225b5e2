// The collection as a list: which audio files there are, their labels and groups. Nothing is decoded.
#pragma once

#include <cstdint>
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
};

struct Catalogue {
  std::vector<dataset::Task> tasks;    // one task of kind `single`, its classes sorted by name
  std::vector<Entry> entries;          // sorted by id, byte order; ids are unique
  std::vector<tree::Refused> refused;  // audio files that are never opened; they go to quarantine
};

// Lists `dataset.root`:
//  - kind folder: the class is the first folder's name, files lie at any depth below it; id = path without
//  extension;
//  - kind gtzan: ROOT, ROOT/genres, ROOT/genres_original or ROOT/Data/genres_original holds
//  <genre>/<genre>.000NN.wav
//    or .au; id = file name without extension ("blues.00012"), as the published lists name tracks.
// Groups as dataset.group asks; artist groups come from dataset.metadata (a CSV file, or a folder that holds
// ground_truth.csv or metadata.csv, with a column `artist` and one of `path`, `filename`, `id`). Without
// metadata the group is left empty, to be filled from the file's tags. A track whose artist is unknown is a
// group of its own. max_tracks keeps the proportions of the classes. Throws CatalogueError (exit status 2):
// no folder, no audio (says what was looked for and what is there), an id twice, a pattern that does not
// match, metadata without the columns.
Catalogue make_catalogue(const config::Dataset& options);

}  // namespace chorale::catalogue
