// Reading slices of a store as network input.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "pipeline/samples/input.hpp"
#include "pipeline/samples/normaliser.hpp"
#include "pipeline/samples/slices.hpp"

namespace chorale::samples {

// Keeps references to the store and the normaliser. Safe to use from many threads.
class SliceReader {
 public:
  SliceReader(const Input& input, const Normaliser& normaliser);

  // One slice, normalised, time-major, into out[frames * bins]. A track shorter than the slice is padded with
  // -100 dB (silence: amin of power_to_db) before reference and top_db are applied, and that silence is then
  // its minimum. A representation that is not in decibels is padded with 0 after it was normalised: the mean
  // of bin_zscore, the minimum of track_minmax.
  void read(Slice slice, std::size_t frames, float* out) const;

  std::size_t bins() const { return input_.bins(); }

 private:
  TrackLevel level_of(std::size_t track, std::size_t padding) const;
  const TrackLevel& extremes_of(std::size_t track) const;

  Input input_;
  const Normaliser& normaliser_;
  // For track_minmax alone: one a track, found when a slice of the track is first read.
  std::unique_ptr<std::once_flag[]> found_;
  mutable std::vector<TrackLevel> extremes_;
};

}  // namespace chorale::samples
