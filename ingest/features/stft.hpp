// The short-time Fourier transform of librosa.stft: periodic Hann window, frames centred, zeros beyond both
// ends. One transform of a track serves every feature: consumers take its power frames as they come.
//
// The transform is in double precision, as in librosa, whose window is float64: in single precision the quiet
// bins of a tonal frame would be rounding noise, off by decibels.
#pragma once

#include <complex>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "ingest/features/fftw.hpp"
#include "ingest/features/power_fft.hpp"

namespace chorale::features {

struct StftOptions {
  std::size_t n_fft = 2048;      // samples
  std::size_t hop_length = 512;  // samples

  bool operator==(const StftOptions&) const = default;
};

// The window: 0.5 - 0.5 cos(2 pi i / n), i = 0 ... n-1.
std::vector<double> periodic_hann(std::size_t n);

class Stft {
 public:
  explicit Stft(const StftOptions& options);

  std::size_t bins() const { return 1 + options_.n_fft / 2; }
  std::size_t frames(std::size_t samples) const { return 1 + samples / options_.hop_length; }

  // X of frame 0, 1, ..., each [bins], handed to `consume(frame, spectrum)` and gone after it returns.
  using SpectrumConsumer = std::function<void(std::size_t frame, std::span<const std::complex<double>>)>;
  void spectrum(std::span<const float> samples, const SpectrumConsumer& consume);

  // |X|^2, in the same way.
  using Consumer = std::function<void(std::size_t frame, std::span<const float> power)>;
  void power(std::span<const float> samples, const Consumer& consume);

  // |X|^2 of frames first ... first + count - 1, count <= kLanes, as [bins][kLanes] (lanes.hpp). What is in
  // further lanes is of no frame.
  using LanesConsumer =
      std::function<void(std::size_t first, std::size_t count, std::span<const float> power)>;
  void power_in_lanes(std::span<const float> samples, const LanesConsumer& consume);

 private:
  void load_frame(std::span<const float> samples, std::size_t frame);
  std::span<const float> samples_of_lanes(std::span<const float> samples, std::size_t first);
  Rows rows();

  StftOptions options_;
  std::vector<double> window_;
  RealFft fft_;
  std::optional<PowerFft> power_fft_;   // where it supports n_fft
  std::vector<float> power_;            // [kLanes][bins]
  std::vector<float> lanes_, samples_;  // [bins][kLanes]; of frames that reach beyond the ends
};

}  // namespace chorale::features
