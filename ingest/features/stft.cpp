#include "ingest/features/stft.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace chorale::features {
std::vector<double> periodic_hann(std::size_t n) {
  std::vector<double> window(n);
  for (std::size_t i = 0; i < n; ++i) {
    window[i] =
        0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(n));
  }
  return window;
}

Stft::Stft(const StftOptions& options)
    : options_(options),
      window_(periodic_hann(options.n_fft)),
      fft_(options.n_fft),
      power_(1 + options.n_fft / 2) {}

// Frame f is centred on sample f * hop_length.
void Stft::load_frame(std::span<const float> samples, std::size_t frame) {
  const std::size_t half = options_.n_fft / 2;
  const std::size_t centre = frame * options_.hop_length;
  const std::size_t zeros = half > centre ? half - centre : 0;  // before the first sample
  const std::size_t first = centre + zeros - half;
  const std::size_t count =
      first < samples.size() ? std::min(samples.size() - first, options_.n_fft - zeros) : 0;

  const std::span<double> input = fft_.input();
  std::fill_n(input.begin(), zeros, 0.0);
  const float* in = samples.data() + first;
  const double* window = window_.data() + zeros;
  double* out = input.data() + zeros;
  for (std::size_t i = 0; i < count; ++i) out[i] = window[i] * static_cast<double>(in[i]);
  std::fill(out + count, input.data() + input.size(), 0.0);
}

void Stft::spectrum(std::span<const float> samples, const SpectrumConsumer& consume) {
  const std::size_t count = frames(samples.size());
  for (std::size_t frame = 0; frame < count; ++frame) {
    load_frame(samples, frame);
    consume(frame, fft_.execute());
  }
}

void Stft::power(std::span<const float> samples, const Consumer& consume) {
  spectrum(samples, [&](std::size_t frame, std::span<const std::complex<double>> bins) {
    for (std::size_t bin = 0; bin < power_.size(); ++bin) {
      const double re = bins[bin].real(), im = bins[bin].imag();
      power_[bin] = static_cast<float>(re * re + im * im);
    }
    consume(frame, power_);
  });
}

}  // namespace chorale::features
