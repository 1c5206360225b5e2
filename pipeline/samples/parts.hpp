// Which track of a store is in which part.
#pragma once

#include <span>
#include <vector>

#include "pipeline/config/experiment.hpp"
#include "pipeline/store/store.hpp"

namespace chorale::samples {

// The part of each track of the store, by dataset::make_split with the hashes of the audio files; tracks
// without any label are in none. With split.by = "slice" all are in the training part, and slices_of
// (slices.hpp) deals out their slices. Throws SplitError, also when artists_are_ignored() though
// split.artists or split.by does not ask for it.
std::vector<config::Part> make_parts(const store::Store& store, const config::Experiment& experiment);

// Sets of two or more tracks with the same audio file, as indices: dataset::find_copies.
std::vector<std::vector<std::size_t>> find_copies(const store::Store& store);

// Tracks in no part whose file is in one under another name: what make_split left out.
std::size_t count_copies_left_out(const store::Store& store, std::span<const config::Part> parts);

// Whether the split is a random one of a collection that is known to hold many songs an artist (gtzan, fma),
// and more than half of its recordings are groups of their own, as their artists are not known: figures on it
// are those of artists heard in training.
bool artists_are_ignored(const store::Store& store, const config::Experiment& experiment);

}  // namespace chorale::samples
