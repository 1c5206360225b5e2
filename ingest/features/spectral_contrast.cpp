#include "ingest/features/spectral_contrast.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>

#include "ingest/features/decibel.hpp"
#include "ingest/features/error.hpp"
#include "ingest/features/spectral_shape.hpp"

namespace chorale::features {
namespace {

constexpr float kTopDb = 80.0F;

[[noreturn]] void refuse(const ContrastOptions& options, double low, double high) {
  throw FeatureError("spectral contrast: the band from " + std::to_string(low) + " to " +
                     std::to_string(high) + " Hz has no bins with audio.sample_rate " +
                     std::to_string(options.sample_rate) + " and features.n_fft " +
                     std::to_string(options.n_fft) + "; raise them, or leave the feature out");
}

// Mean of the `kept.size()` values that come first by `before`; most values are turned away by one
// comparison.
template <class Before>
float mean_of_extremes(std::span<const float> values, std::span<float> kept, const Before& before) {
  const std::size_t n = kept.size();
  std::copy_n(values.begin(), n, kept.begin());
  std::sort(kept.begin(), kept.end(), before);
  for (const float value : values.subspan(n)) {
    if (!before(value, kept.back())) continue;
    std::size_t place = n - 1;
    for (; place > 0 && before(value, kept[place - 1]); --place) kept[place] = kept[place - 1];
    kept[place] = value;
  }
  float sum = 0;
  for (const float value : kept) sum += value;
  return sum / static_cast<float>(n);
}

void to_db_above_floor(std::span<float> values) {
  power_to_db(values);
  const float floor = *std::ranges::max_element(values) - kTopDb;
  for (float& value : values) value = std::max(value, floor);
}

}  // namespace

SpectralContrast::SpectralContrast(const ContrastOptions& options) {
  const double step = hz_per_bin(options.sample_rate, options.n_fft);
  const std::size_t bins = 1 + options.n_fft / 2;
  for (std::size_t k = 0; k <= options.n_bands; ++k) {
    const double low = k == 0 ? 0.0 : options.fmin * std::exp2(static_cast<double>(k - 1));
    const double high = options.fmin * std::exp2(static_cast<double>(k));
    std::size_t first = bins, end = 0;
    for (std::size_t bin = 0; bin < bins; ++bin) {
      const double hz = static_cast<double>(bin) * step;
      if (hz < low || hz > high) continue;
      first = std::min(first, bin);
      end = bin + 1;
    }
    if (first >= end || low >= 0.5 * options.sample_rate) refuse(options, low, high);
    if (k > 0) --first;
    if (k == options.n_bands) end = bins;
    const auto share =
        static_cast<std::size_t>(std::nearbyint(options.quantile * static_cast<double>(end - first)));
    if (k < options.n_bands) --end;
    if (first >= end) refuse(options, low, high);
    bands_.push_back({first, end - first, std::clamp<std::size_t>(share, 1, end - first)});
  }
}

void SpectralContrast::begin(std::size_t frames) {
  peaks_.resize(frames, bands());
  valleys_.resize(frames, bands());
}

void SpectralContrast::add(std::size_t frame, std::span<const float> magnitude) {
  for (std::size_t k = 0; k < bands_.size(); ++k) {
    const auto bins = magnitude.subspan(bands_[k].first, bands_[k].count);
    lowest_.resize(bands_[k].extreme);
    highest_.resize(bands_[k].extreme);
    valleys_[frame][k] = mean_of_extremes(bins, lowest_, std::less<>());
    peaks_[frame][k] = mean_of_extremes(bins, highest_, std::greater<>());
  }
}

void SpectralContrast::finish(Frames& contrast) {
  to_db_above_floor(peaks_.values());
  to_db_above_floor(valleys_.values());
  contrast.resize(peaks_.frames(), bands());
  const auto peaks = peaks_.values(), valleys = valleys_.values(), result = contrast.values();
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = peaks[i] - valleys[i];
}

}  // namespace chorale::features
