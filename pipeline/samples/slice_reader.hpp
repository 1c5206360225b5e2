// Reading slices of a store as network input.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "pipeline/samples/input.hpp"
#include "pipeline/samples/normaliser.hpp"
#include "pipeline/samples/slices.hpp"

namespace chorale::samples {

// A slice as it is read. `gain` is added to decibels, and means nothing to other values.
struct View {
  View() = default;
  View(Slice slice_, float gain_ = 0) : slice(slice_), gain(gain_) {}  // a slice alone is read as it is

  Slice slice;
  float gain = 0;  // dB
};

// Keeps references to the store and the normaliser. Safe to use from many threads.
class SliceReader {
 public:
  // What a track shorter than its slice is padded with, in dB: silence, 10 log10(amin) of power_to_db.
  static constexpr float kSilence = -100.0F;

  SliceReader(const Input& input, const Normaliser& normaliser);

  // One slice, normalised, time-major, into out[frames * bins]. A track shorter than the slice is padded with
  // silence before reference and top_db are applied, and that silence is then its minimum. A representation
  // that is not in decibels is padded with 0 after it was normalised: the mean of bin_zscore, the minimum of
  // track_minmax.
  void read(const View& view, std::size_t frames, float* out) const;

  // Extremes of a track, of which `padding` frames will be added to a slice.
  TrackLevel level_of(std::size_t track, std::size_t padding) const;
  // Frames of the slice that are the track's own, of `frames`.
  std::size_t own_frames(Slice slice, std::size_t frames) const;

  std::size_t bins() const { return input_.bins(); }
  const Input& input() const { return input_; }
  const Normaliser& normaliser() const { return normaliser_; }

 private:
  const TrackLevel& extremes_of(std::size_t track) const;

  Input input_;
  const Normaliser& normaliser_;
  // For track_minmax alone: one a track, found when a slice of the track is first read.
  std::unique_ptr<std::once_flag[]> found_;
  mutable std::vector<TrackLevel> extremes_;
};

}  // namespace chorale::samples
