#include "ingest/features/spectral_contrast.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "ingest/features/decibel.hpp"
#include "ingest/features/error.hpp"
#include "ingest/features/spectral_shape.hpp"
#include "ingest/features/vector.hpp"

namespace chorale::features {
namespace {

constexpr float kTopDb = 80.0F;

[[noreturn]] void refuse(const ContrastOptions& options, double low, double high) {
  throw FeatureError("spectral contrast: the band from " + std::to_string(low) + " to " +
                     std::to_string(high) + " Hz has no bins with audio.sample_rate " +
                     std::to_string(options.sample_rate) + " and features.n_fft " +
                     std::to_string(options.n_fft) + "; raise them, or leave the feature out");
}

// The `extreme` lowest and highest of the rows, in order, lane by lane: a value goes up one list and down the
// other as far as it belongs there, without a branch.
CHORALE_VECTORISED void extremes(std::span<const float> rows, std::span<float> lowest,
                                 std::span<float> highest) {
  std::ranges::fill(lowest, std::numeric_limits<float>::infinity());
  std::ranges::fill(highest, -std::numeric_limits<float>::infinity());
  Float8 value, kept;
  for (std::size_t row = 0; row < rows.size(); row += 8) {
    load(&rows[row], value);
    for (std::size_t place = 0; place < lowest.size(); place += 8) {
      load(&lowest[place], kept);
      store(value < kept ? value : kept, &lowest[place]);
      value = value < kept ? kept : value;
    }
    load(&rows[row], value);
    for (std::size_t place = 0; place < highest.size(); place += 8) {
      load(&highest[place], kept);
      store(value > kept ? value : kept, &highest[place]);
      value = value > kept ? kept : value;
    }
  }
}

float mean_of_lane(std::span<const float> rows, std::size_t lane) {
  const std::size_t count = rows.size() / 8;
  float sum = 0;
  for (std::size_t row = 0; row < count; ++row) sum += rows[8 * row + lane];
  return sum / static_cast<float>(count);
}

void to_db_above_floor(std::span<float> values) {
  power_to_db(values);
  const float floor = *std::ranges::max_element(values) - kTopDb;
  for (float& value : values) value = std::max(value, floor);
}

}  // namespace

SpectralContrast::SpectralContrast(const ContrastOptions& options)
    : block_((1 + options.n_fft / 2) * kLanes), frames_() {
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
  count_ = 0;
}

void SpectralContrast::add(std::size_t frame, std::span<const float> magnitude) {
  for (std::size_t bin = 0; bin < magnitude.size(); ++bin) block_[bin * kLanes + count_] = magnitude[bin];
  frames_[count_++] = frame;
  if (count_ == kLanes) finish_block();
}

void SpectralContrast::finish_block() {
  for (std::size_t k = 0; k < bands_.size(); ++k) {
    lowest_.resize(bands_[k].extreme * kLanes);
    highest_.resize(bands_[k].extreme * kLanes);
    extremes(std::span(block_).subspan(bands_[k].first * kLanes, bands_[k].count * kLanes), lowest_,
             highest_);
    for (std::size_t lane = 0; lane < count_; ++lane) {
      valleys_[frames_[lane]][k] = mean_of_lane(lowest_, lane);
      peaks_[frames_[lane]][k] = mean_of_lane(highest_, lane);
    }
  }
  count_ = 0;
}

void SpectralContrast::finish(Frames& contrast) {
  finish_block();
  to_db_above_floor(peaks_.values());
  to_db_above_floor(valleys_.values());
  contrast.resize(peaks_.frames(), bands());
  const auto peaks = peaks_.values(), valleys = valleys_.values(), result = contrast.values();
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = peaks[i] - valleys[i];
}

}  // namespace chorale::features
