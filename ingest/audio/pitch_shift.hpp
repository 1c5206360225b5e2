// Higher or lower in the same time: librosa.effects.pitch_shift (effects.py:304), a stretch of time and its
// reversal by resampling (soxr HQ).
#pragma once

#include <span>
#include <vector>

#include "ingest/audio/resample.hpp"
#include "ingest/audio/time_stretch.hpp"

namespace chorale::audio {

class PitchShifter {
 public:
  explicit PitchShifter(double sample_rate) : sample_rate_(sample_rate), resampler_(sample_rate) {}  // Hz

  // As many samples as before, valid until the next call. Throws EffectError where nothing is left to
  // resample.
  std::span<const float> shift(std::span<const float> samples, double semitones);

 private:
  double sample_rate_;
  TimeStretcher stretcher_;
  Resampler resampler_;
  std::vector<float> output_;
};

}  // namespace chorale::audio
