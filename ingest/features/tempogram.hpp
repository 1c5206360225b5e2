// Tempograms, equal to librosa.feature.tempogram 0.11 (librosa/feature/rhythm.py:145-176): the
// autocorrelation of the onset envelope around each frame.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ingest/features/fftw.hpp"
#include "ingest/features/frames.hpp"

namespace chorale::features {

// Over all frames and lags of a tempogram.
struct TempogramSummary {
  double mean = 0, std = 0, max = 0;
};

// Of each frame f: the win_length values of the envelope around f, times a periodic Hann window, correlated
// with themselves at lags 0 ... win_length - 1, divided by the value at lag 0, which is the largest. Beyond
// both ends the envelope goes on as a straight line to 0. A frame without any onset strength gives zeros.
class Tempogram {
 public:
  // win_length in frames, at least 2. librosa's default are the 384 of 8.9 s at 22050 Hz / 512.
  explicit Tempogram(std::size_t win_length = 384);

  std::size_t win_length() const { return window_.size(); }

  // Envelope [frames] to tempogram [frames, win_length].
  void compute(std::span<const float> envelope, Frames& tempogram);

  // The mean over the frames, [win_length], valid until the next call; and the figures over the whole
  // tempogram. Neither needs the tempogram: the mean over frames has one inverse transform, and by Parseval's
  // theorem the sums over the lags are sums over the spectrum. Precondition: at least one frame.
  std::span<const double> mean(std::span<const float> envelope);
  TempogramSummary summary(std::span<const float> envelope);

 private:
  void pad(std::span<const float> envelope);
  double load(std::size_t frame);
  std::span<const double> normalised_power(double energy);

  std::vector<double> window_;
  RealFft fft_;
  InverseRealFft inverse_;
  std::vector<float> padded_;
  std::vector<double> power_, sum_;
};

}  // namespace chorale::features
