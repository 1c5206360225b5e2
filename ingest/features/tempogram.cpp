#include "ingest/features/tempogram.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "ingest/features/stft.hpp"

namespace chorale::features {
namespace {

// Long enough that no lag wraps around: 2^k or 3 * 2^k, even, for which FFTW is fastest.
std::size_t transform_size(std::size_t win_length) {
  const std::size_t power = std::bit_ceil(std::max<std::size_t>(8, 2 * win_length));
  return power / 4 * 3 >= 2 * win_length ? power / 4 * 3 : power;
}

double sum_of_squares(std::span<const double> values) {
  constexpr std::size_t kLanes = 8;
  std::array<double, kLanes> lanes = {};
  std::size_t i = 0;
  for (; i + kLanes <= values.size(); i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) lanes[lane] += values[i + lane] * values[i + lane];
  }
  double sum = 0;
  for (; i < values.size(); ++i) sum += values[i] * values[i];
  for (const double lane : lanes) sum += lane;
  return sum;
}

// librosa.util.normalize leaves frames with less as they are (utils.py:955, 999).
bool has_energy(double energy) { return energy >= std::numeric_limits<double>::min(); }

// A straight line from 0 at ramp[0] to what would be `edge` at ramp[size].
void ramp_up(std::span<float> ramp, float edge) {
  const float step = edge / static_cast<float>(ramp.size());
  for (std::size_t i = 0; i < ramp.size(); ++i) ramp[i] = static_cast<float>(i) * step;
}

}  // namespace

Tempogram::Tempogram(std::size_t win_length)
    : window_(periodic_hann(win_length)),
      fft_(transform_size(win_length)),
      inverse_(transform_size(win_length)),
      power_(1 + transform_size(win_length) / 2) {}

// numpy.pad(mode="linear_ramp") by half a window on both sides.
void Tempogram::pad(std::span<const float> envelope) {
  const std::size_t half = win_length() / 2;
  padded_.resize(envelope.size() + 2 * half);
  std::ranges::copy(envelope, padded_.begin() + static_cast<std::ptrdiff_t>(half));
  const std::span<float> padded = padded_;
  ramp_up(padded.first(half), envelope.front());
  ramp_up(padded.last(half), envelope.back());
  std::ranges::reverse(padded.last(half));
}

// The windowed frame into the transform's input; returns its energy, the autocorrelation at lag 0.
double Tempogram::load(std::size_t frame) {
  const std::span<double> input = fft_.input();
  const float* in = padded_.data() + frame;
  for (std::size_t i = 0; i < win_length(); ++i) input[i] = window_[i] * static_cast<double>(in[i]);
  std::ranges::fill(input.subspan(win_length()), 0.0);
  return sum_of_squares(input.first(win_length()));
}

// The spectrum of the autocorrelation divided by its value at lag 0.
std::span<const double> Tempogram::normalised_power(double energy) {
  const auto spectrum = fft_.execute();
  const double scale = 1.0 / energy;
  for (std::size_t bin = 0; bin < power_.size(); ++bin) {
    const double re = spectrum[bin].real(), im = spectrum[bin].imag();
    power_[bin] = (re * re + im * im) * scale;
  }
  return power_;
}

void Tempogram::compute(std::span<const float> envelope, Frames& tempogram) {
  pad(envelope);
  tempogram.resize(envelope.size(), win_length());
  for (std::size_t frame = 0; frame < envelope.size(); ++frame) {
    const std::span<float> output = tempogram[frame];
    const double energy = load(frame);
    if (!has_energy(energy)) {
      std::ranges::fill(output, 0.0F);
      continue;
    }
    std::ranges::copy(normalised_power(energy), inverse_.input().begin());
    const auto lags = inverse_.execute();
    for (std::size_t lag = 0; lag < output.size(); ++lag) output[lag] = static_cast<float>(lags[lag]);
  }
}

std::span<const double> Tempogram::mean(std::span<const float> envelope) {
  pad(envelope);
  sum_.assign(power_.size(), 0.0);
  for (std::size_t frame = 0; frame < envelope.size(); ++frame) {
    const double energy = load(frame);
    if (!has_energy(energy)) continue;
    const auto power = normalised_power(energy);
    for (std::size_t bin = 0; bin < sum_.size(); ++bin) sum_[bin] += power[bin];
  }
  const double scale = 1.0 / static_cast<double>(envelope.size());
  for (std::size_t bin = 0; bin < sum_.size(); ++bin) inverse_.input()[bin] = sum_[bin] * scale;
  return inverse_.execute().first(win_length());
}

// With the spectrum P of a frame's autocorrelation a, and a[-lag] = a[lag]:
//   sum of a over lags >= 0   = (a[0] + P[0]) / 2
//   sum of a^2 over lags >= 0 = (a[0]^2 + sum P^2 / N) / 2, the sum over all N bins.
TempogramSummary Tempogram::summary(std::span<const float> envelope) {
  pad(envelope);
  sum_.assign(power_.size(), 0.0);
  double total = 0, frames_with_energy = 0;
  for (std::size_t frame = 0; frame < envelope.size(); ++frame) {
    const double energy = load(frame);
    if (!has_energy(energy)) continue;
    const auto power = normalised_power(energy);
    for (std::size_t bin = 0; bin < sum_.size(); ++bin) sum_[bin] += power[bin] * power[bin];
    total += power[0];
    ++frames_with_energy;
  }
  if (frames_with_energy == 0) return {};
  double squares = sum_.front() + sum_.back();
  for (std::size_t bin = 1; bin + 1 < sum_.size(); ++bin) squares += 2 * sum_[bin];
  squares /= static_cast<double>(fft_.size());
  const auto count = static_cast<double>(envelope.size() * win_length());
  const double mean = (frames_with_energy + total) / 2 / count;
  const double mean_square = (frames_with_energy + squares) / 2 / count;
  return {mean, std::sqrt(std::max(0.0, mean_square - mean * mean)), 1.0};
}

}  // namespace chorale::features
