#include "ingest/features/spectral_shape.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ingest/features/decibel.hpp"
#include "ingest/features/sums.hpp"
#include "ingest/features/vector.hpp"

namespace chorale::features {
namespace {

// librosa.util.normalize leaves alone what is smaller.
double at_least_tiny(double norm) { return norm < std::numeric_limits<float>::min() ? 1.0 : norm; }

struct Weighted {
  double values = 0, moments = 0;  // sum of v and of v (i - origin)^power
};

// Sums of the bins and of the bins times their distance (or squared distance) from `origin`, in bins.
template <int kPower>
[[gnu::always_inline]] inline Weighted weigh(std::span<const float> values, double origin) {
  Double4 sums = {}, moments = {}, x, position = {0, 1, 2, 3};
  position -= origin;
  std::size_t i = 0;
  for (; i + 4 <= values.size(); i += 4) {
    load(&values[i], x);
    sums += x;
    moments += kPower == 1 ? x * position : x * (position * position);
    position += 4.0;
  }
  Weighted result = {(sums[0] + sums[1]) + (sums[2] + sums[3]),
                     (moments[0] + moments[1]) + (moments[2] + moments[3])};
  for (; i < values.size(); ++i) {
    const double distance = static_cast<double>(i) - origin, value = static_cast<double>(values[i]);
    result.values += value;
    result.moments += value * (kPower == 1 ? distance : distance * distance);
  }
  return result;
}

CHORALE_VECTORISED Weighted first_moment(std::span<const float> values) { return weigh<1>(values, 0.0); }

CHORALE_VECTORISED Weighted second_moment(std::span<const float> values, double origin) {
  return weigh<2>(values, origin);
}

}  // namespace

CHORALE_VECTORISED void magnitude(std::span<const float> power, std::span<float> magnitude) {
  for (std::size_t i = 0; i < power.size(); ++i) magnitude[i] = std::sqrt(power[i]);
}

double hz_per_bin(double sample_rate, std::size_t n_fft) {
  return 1.0 / (static_cast<double>(n_fft) * (1.0 / sample_rate));
}

double spectral_centroid(std::span<const float> magnitude, double hz_per_bin) {
  const Weighted sums = first_moment(magnitude);
  return hz_per_bin * sums.moments / at_least_tiny(sums.values);
}

double spectral_bandwidth(std::span<const float> magnitude, double hz_per_bin, double centroid) {
  const Weighted sums = second_moment(magnitude, centroid / hz_per_bin);
  return hz_per_bin * std::sqrt(sums.moments / at_least_tiny(sums.values));
}

double spectral_rolloff(std::span<const float> magnitude, double hz_per_bin) {
  float total = 0;
  for (const float value : magnitude) total += value;
  const float threshold = 0.85F * total;
  float sum = 0;
  for (std::size_t bin = 0; bin < magnitude.size(); ++bin) {
    sum += magnitude[bin];
    if (sum >= threshold) return static_cast<double>(bin) * hz_per_bin;
  }
  return static_cast<double>(magnitude.size() - 1) * hz_per_bin;
}

double spectral_flatness(std::span<const float> power, std::span<float> scratch) {
  const auto bins = static_cast<double>(power.size());
  std::ranges::transform(power, scratch.begin(), [](float value) { return std::max(kAmin, value); });
  const double arithmetic = sum(scratch) / bins;
  power_to_db(scratch);
  return std::pow(10.0, 0.1 * sum(scratch) / bins) / arithmetic;
}

double spectral_rms(std::span<const float> power, std::size_t n_fft) {
  double whole = sum(power) - 0.5 * static_cast<double>(power.front());
  if (n_fft % 2 == 0) whole -= 0.5 * static_cast<double>(power.back());
  return std::sqrt(2.0 * whole) / static_cast<double>(n_fft);
}

}  // namespace chorale::features
