#include "ingest/features/stft.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "pipeline/runtime/vectorised.hpp"

namespace chorale::features {
namespace {

CHORALE_VECTORISED void multiply(std::span<const float> samples, const double* window, double* out) {
  for (std::size_t i = 0; i < samples.size(); ++i) out[i] = window[i] * static_cast<double>(samples[i]);
}

CHORALE_VECTORISED void power_of(std::span<const std::complex<double>> spectrum, float* power) {
  const auto* parts =
      reinterpret_cast<const double*>(spectrum.data());  // as [complex.numbers.general] allows
  for (std::size_t bin = 0; bin < spectrum.size(); ++bin) {
    const double re = parts[2 * bin], im = parts[2 * bin + 1];
    power[bin] = static_cast<float>(re * re + im * im);
  }
}

}  // namespace

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
      power_(kLanes * bins()),
      lanes_(kLanes * bins()) {
  if (PowerFft::supports(options.n_fft)) power_fft_.emplace(window_);
}

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
  multiply({samples.data() + std::min(first, samples.size()), count}, window_.data() + zeros,
           input.data() + zeros);
  std::fill(input.begin() + static_cast<std::ptrdiff_t>(zeros + count), input.end(), 0.0);
}

void Stft::spectrum(std::span<const float> samples, const SpectrumConsumer& consume) {
  const std::size_t count = frames(samples.size());
  for (std::size_t frame = 0; frame < count; ++frame) {
    load_frame(samples, frame);
    consume(frame, fft_.execute());
  }
}

Rows Stft::rows() {
  Rows rows;
  for (std::size_t lane = 0; lane < kLanes; ++lane) rows[lane] = power_.data() + lane * bins();
  return rows;
}

// From the beginning of frame `first` to the end of frame first + kLanes - 1, with zeros beyond both ends.
std::span<const float> Stft::samples_of_lanes(std::span<const float> samples, std::size_t first) {
  const std::size_t length = (kLanes - 1) * options_.hop_length + options_.n_fft;
  const std::size_t half = options_.n_fft / 2, centre = first * options_.hop_length;
  if (centre >= half && centre - half + length <= samples.size())
    return samples.subspan(centre - half, length);
  samples_.assign(length, 0.0F);
  const std::size_t zeros = half > centre ? half - centre : 0;
  const auto there = samples.subspan(std::min(centre + zeros - half, samples.size()));
  std::copy_n(there.begin(), std::min(there.size(), length - zeros),
              samples_.begin() + static_cast<std::ptrdiff_t>(zeros));
  return samples_;
}

void Stft::power_in_lanes(std::span<const float> samples, const LanesConsumer& consume) {
  const std::size_t count = frames(samples.size());
  if (power_fft_) {
    for (std::size_t first = 0; first < count; first += kLanes) {
      power_fft_->compute(samples_of_lanes(samples, first), options_.hop_length, lanes_);
      consume(first, std::min(kLanes, count - first), lanes_);
    }
    return;
  }
  const Rows all = rows();
  ConstRows filled;
  std::copy(all.begin(), all.end(), filled.begin());
  spectrum(samples, [&](std::size_t frame, std::span<const std::complex<double>> bins) {
    const std::size_t lane = frame % kLanes;
    power_of(bins, all[lane]);
    if (lane + 1 < kLanes && frame + 1 < count) return;
    to_lanes(filled, this->bins(), lanes_.data());
    consume(frame - lane, lane + 1, lanes_);
  });
}

void Stft::power(std::span<const float> samples, const Consumer& consume) {
  if (!power_fft_) {
    return spectrum(samples, [&](std::size_t frame, std::span<const std::complex<double>> bins) {
      power_of(bins, power_.data());
      consume(frame, std::span(power_).first(bins.size()));
    });
  }
  const Rows all = rows();
  power_in_lanes(samples, [&](std::size_t first, std::size_t count, std::span<const float> lanes) {
    from_lanes(lanes.data(), bins(), all, count);
    for (std::size_t lane = 0; lane < count; ++lane) consume(first + lane, {all[lane], bins()});
  });
}

}  // namespace chorale::features
