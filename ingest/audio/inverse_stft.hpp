// Frames back to samples: the inverse of features::Stft, as librosa.istft (core/spectrum.py:394) and
// scipy.signal.istft. Windowed overlap-add, divided by the sum of the squared windows; a frame at a time, so
// that memory does not grow with the recording.
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "ingest/features/fftw.hpp"
#include "ingest/features/stft.hpp"

namespace chorale::audio {

class InverseStft {
 public:
  // Precondition: hop_length is at most n_fft.
  explicit InverseStft(const features::StftOptions& options);

  // Begins a signal. Its samples `first`, `first` + 1, ... go to `output`, which must stay until finish().
  void begin(std::span<float> output, std::size_t first = 0);
  // The next frame, [1 + n_fft/2]; fill it, then add_frame(), which overwrites it.
  std::span<std::complex<double>> input() { return fft_.input(); }
  void add_frame();
  // After the last frame. Samples that no frame reaches are zero.
  void finish();

 private:
  void emit(std::size_t count);

  features::StftOptions options_;
  std::vector<double> window_;
  features::InverseRealFft fft_;
  std::vector<double> sum_, weight_;  // of the next n_fft samples; what is beyond has no frame yet
  std::size_t skip_ = 0;              // samples still before the first of output_
  std::span<float> output_;           // what is still to be written
};

}  // namespace chorale::audio
