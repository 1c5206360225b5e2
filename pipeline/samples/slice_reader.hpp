// Reading slices of a store as network input.
#pragma once

#include <atomic>
#include <memory>

#include "pipeline/samples/normaliser.hpp"
#include "pipeline/samples/slices.hpp"
#include "pipeline/store/store.hpp"

namespace chorale::samples {

// Keeps references to the store and the normaliser. Safe to use from many threads.
class SliceReader {
 public:
  SliceReader(const store::Store& store, const Normaliser& normaliser);

  // One slice, normalised, time-major, into out[frames * bins]. A track shorter than the slice is padded with
  // -100 dB (silence: amin of power_to_db) before reference and top_db are applied; that silence is then its
  // minimum.
  void read(Slice slice, std::size_t frames, float* out) const;

  std::size_t bins() const { return store_.mel_bins(); }

 private:
  float track_min(std::size_t track) const;

  const store::Store& store_;
  const Normaliser& normaliser_;
  // For track_minmax alone: one a track, NaN until a slice of the track is first read.
  std::unique_ptr<std::atomic<float>[]> minima_;
};

}  // namespace chorale::samples
