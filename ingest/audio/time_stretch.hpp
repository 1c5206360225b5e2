// Faster or slower at the same pitch: the phase vocoder of librosa.effects.time_stretch (effects.py:228) and
// librosa.phase_vocoder (core/spectrum.py:1365), called with float64 samples.
//
// Called with float32 samples, librosa adds up phases of hundreds of thousands of radians in float32, whose
// resolution there is some hundredths of a radian; its result strays from the one for float64 by 1 % of full
// scale after 5 s and by 3 % after 10 s of music. Here phases are unit vectors that are multiplied, so
// nothing is lost with time, and no sine, cosine or arc tangent is computed, which differ from one machine's
// library to another's.
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "ingest/audio/inverse_stft.hpp"
#include "ingest/features/stft.hpp"

namespace chorale::audio {

class TimeStretcher {
 public:
  // librosa's: 2048, and a quarter of it.
  explicit TimeStretcher(const features::StftOptions& options = {});

  // round(n / rate) samples, halves to even; rate above 1 is faster. Valid until the next call.
  // Precondition: rate > 0. Throws EffectError when no sample is left.
  std::span<const float> stretch(std::span<const float> samples, double rate);

 private:
  // One frame of the spectrum; the phase of 0 is 0, as in numpy.angle.
  struct Column {
    explicit Column(std::size_t bins) : magnitude(bins), cosine(bins), sine(bins) {}
    void load(std::span<const std::complex<double>> spectrum);
    std::vector<double> magnitude, cosine, sine;
  };

  void add_steps(std::size_t column, double rate, std::size_t steps);
  void add_frame(double alpha);

  features::Stft stft_;
  InverseStft inverse_;
  Column current_, next_;
  std::vector<double> cosine_, sine_;                // the phases of the frame to come
  const std::vector<std::complex<double>> nothing_;  // a frame of zeros
  std::size_t step_ = 0;                             // frames added
  std::vector<float> output_;
};

}  // namespace chorale::audio
