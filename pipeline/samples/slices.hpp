// Slices: views of the store made when training or evaluating, never stored. Split before slicing, unless it
// is asked for to show what that is worth (split.by = "slice").
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pipeline/config/experiment.hpp"
#include "pipeline/store/store.hpp"

namespace chorale::samples {

struct Slice {
  std::uint32_t track = 0;  // index into Store::tracks()
  std::uint32_t first = 0;  // frame
};

// Frames of a slice: floor(slice_seconds * sample_rate / hop_length), at least 1; 129 for 3 s at 22050/512. 0
// for slice_seconds = 0 and for classical baselines: samples are whole tracks, each of its own length.
std::size_t slice_frames(const config::Experiment& experiment);

// Throws UsageError, with the longest track, when slices are longer than every track of the training part.
void require_slices_fit(const store::Store& store, std::span<const config::Part> parts,
                        const config::Experiment& experiment);

// First frames of the slices of a track of `frame_count` frames; 0 alone for whole tracks. Hop = floor(frames
// * (1 - overlap)), at least 1; a tail shorter than a slice is left out; a track shorter than one slice gives
// one slice, padded with silence when read.
std::vector<std::uint32_t> slice_starts(std::uint64_t frame_count, std::size_t frames, double overlap);

// Which track is in which part, as 16 hexadecimal digits: xxh3 over id, group, labels, part and source hash
// of every track. A run keeps it, since a store that has changed may deal songs that were trained on into the
// test part.
std::string split_hash(const store::Store& store, std::span<const config::Part> parts);

// Slices of the tracks of one part, in store order. `parts` has one entry a track of the store.
std::vector<Slice> make_slices(const store::Store& store, std::span<const config::Part> parts,
                               config::Part part, std::size_t frames, double overlap);

// Those of an experiment: make_slices with its frames and overlap. With split.by = "slice" each slice of the
// training part is drawn into a part by itself, by split.seed and the fractions or the fold; those of
// variants stay in training.
std::vector<Slice> slices_of(const store::Store& store, std::span<const config::Part> parts,
                             config::Part part, const config::Experiment& experiment);

}  // namespace chorale::samples
