// Slices: views of the store made when training or evaluating, never stored. Split before slicing, always.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "pipeline/config/experiment.hpp"
#include "pipeline/store/store.hpp"

namespace chorale::samples {

struct Slice {
  std::uint32_t track = 0;  // index into Store::tracks()
  std::uint32_t first = 0;  // frame
};

// Frames of a slice: floor(slice_seconds * sample_rate / hop_length); 129 for 3 s at 22050/512.
std::size_t slice_frames(const config::Experiment& experiment);

// Slices of the tracks of one part, in store order. Hop = floor(frames * (1 - slice_overlap)), at least 1; a
// tail shorter than a slice is left out; a track shorter than one slice gives one slice, padded with silence
// when read.
std::vector<Slice> make_slices(const store::Store& store, std::span<const config::Part> parts,
                               config::Part part, std::size_t frames, double overlap);

// How stored dB become network input. Statistics come from the training part alone and travel with the run.
struct Normaliser {
  config::Reference reference = config::Reference::kMax;
  double top_db = 80.0;
  config::Normalisation kind = config::Normalisation::kBinZScore;
  std::vector<float> mean, scale;  // per bin, kBinZScore only; scale = 1/std

  static Normaliser fit(const store::Store& store, std::span<const config::Part> parts,
                        const config::Train& options);
  std::string to_json() const;
  static Normaliser from_json(const std::string& text);
};

// One slice, normalised, time-major, into out[frames * bins]. A short track is padded with -100 dB (silence:
// amin of power_to_db) before reference and top_db are applied.
void read_slice(const store::Store& store, const Normaliser& normaliser, Slice slice, std::size_t frames,
                float* out);

}  // namespace chorale::samples
