#include "ingest/audio/pitch_shift.hpp"

#include <cmath>

namespace chorale::audio {

std::span<const float> PitchShifter::shift(std::span<const float> samples, double semitones) {
  const double rate = std::exp2(-semitones / 12);
  const auto shifted = resampler_.resample(stretcher_.stretch(samples, rate), sample_rate_ / rate);
  output_.assign(shifted.begin(), shifted.end());
  output_.resize(samples.size());
  return output_;
}

}  // namespace chorale::audio
