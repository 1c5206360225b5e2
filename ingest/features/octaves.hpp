// A signal at half its rate, a quarter, ...: what a constant-Q transform computes its lower octaves from.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ingest/audio/resample.hpp"

namespace chorale::features {

// Made when first asked for and kept until the next track, so that several transforms share them.
class OctaveSignals {
 public:
  // `samples` are borrowed until the next track.
  void begin_track(std::span<const float> samples);

  // The track at 1/(first_divisor * 2^halvings) of its rate: divided by first_divisor in one step, then
  // halved again and again, each step as librosa.resample(res_type="soxr_hq") without its scale: ceil(n /
  // divisor) samples. Valid until the next track or another first_divisor.
  std::span<const float> at(std::size_t first_divisor, std::size_t halvings);

 private:
  std::span<const float> samples_;
  std::size_t first_divisor_ = 1;
  std::size_t made_ = 0;                      // of signals_
  std::vector<audio::Resampler> resamplers_;  // one a step: each holds its result
  std::vector<std::span<const float>> signals_;
};

}  // namespace chorale::features
