// Reading slices of a store as network input.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "pipeline/samples/input.hpp"
#include "pipeline/samples/normaliser.hpp"
#include "pipeline/samples/slices.hpp"

namespace chorale::samples {

// A slice as it is read: its length in frames, and what is added to decibels (it means nothing to other
// values).
struct View {
  Slice slice;
  std::uint32_t frames = 0;
  float gain = 0;  // dB
};

// Keeps references to the store and the normaliser. Safe to use from many threads.
class SliceReader {
 public:
  // What a track shorter than its slice is padded with, in dB: silence, 10 log10(amin) of power_to_db.
  static constexpr float kSilence = -100.0F;

  SliceReader(const Input& input, const Normaliser& normaliser);

  // One slice, normalised, time-major, into out[frames * bins], where frames >= view.frames.
  // A track shorter than the slice is padded with silence before reference and top_db are applied, and that
  // silence is then its minimum. A representation that is not in decibels is padded with 0 after it was
  // normalised: the mean of bin_zscore, the minimum of track_minmax. What fills up from view.frames to
  // `frames` is the same, but does not count as the track's minimum: it depends on the batch, and is masked
  // by lengths.
  void read(const View& view, std::size_t frames, float* out) const;

  // Extremes of the track of a slice, with its silence.
  TrackLevel level_of(const View& view) const;
  // Frames of the view that are the track's own.
  std::size_t own_frames(const View& view) const;

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
