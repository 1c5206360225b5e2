#include "pipeline/samples/normaliser.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "pipeline/config/json_fields.hpp"
#include "pipeline/samples/normaliser_fields.hpp"

namespace chorale::samples {
namespace {

constexpr std::uint64_t kFramesAtOnce = 1024;

float levelled(float value, const TrackScaling& track) {
  return std::max(std::min(value, track.upper) + track.shift, track.lower);
}

}  // namespace

Normaliser Normaliser::fit(const Input& input, std::span<const config::Part> parts,
                           const config::Train& options) {
  Normaliser result{options.reference, options.top_db, options.normalisation, {}, {}, input.scale()};
  if (result.kind != config::Normalisation::kBinZScore) return result;

  Normaliser level_only = result;
  level_only.kind = config::Normalisation::kNone;
  const std::size_t bins = input.bins();
  BinStatistics statistics(bins);
  std::vector<float> buffer(kFramesAtOnce * bins);
  for (std::size_t track = 0; track < parts.size(); ++track) {
    if (parts[track] != config::Part::kTrain) continue;
    const float max = input.scale() == store::FeatureScale::kDecibel ? input.maximum(track) : 0.0F;
    for (std::uint64_t first = 0; first < input.frames(track); first += kFramesAtOnce) {
      const std::uint64_t count = std::min(kFramesAtOnce, input.frames(track) - first);
      const std::span values(buffer.data(), count * bins);
      input.read(track, first, count, values.data());
      level_only.apply(level_only.scaling({max, max}), bins, values);
      statistics.add(values);
    }
  }
  if (statistics.frames() == 0) {
    throw runtime::UsageError(input.store().path().string() +
                              ": no track is in the training part, so there is nothing to normalise with; "
                              "lower split.validation and split.test, or look at split.*");
  }
  statistics.store_in(result);
  return result;
}

TrackScaling Normaliser::scaling(TrackLevel level, float gain) const {
  const bool decibels = scale_of_values == store::FeatureScale::kDecibel;
  const float infinity = std::numeric_limits<float>::infinity();
  const float low = decibels ? level.max - static_cast<float>(top_db) : -infinity;
  const float high = decibels ? level.max : infinity;
  if (!decibels) gain = 0;
  if (kind == config::Normalisation::kTrackMinMax) {
    const float min = std::max(low, level.min), max = std::min(high, level.max);
    return {max, gain, min, min, max > min ? 1.0F / (max - min) : 0.0F};
  }
  const float zero = decibels && reference == config::Reference::kMax ? level.max : 0.0F;
  return {high, gain - zero, low - zero};
}

void Normaliser::apply(const TrackScaling& scaling, std::size_t bins, std::span<float> values) const {
  if (kind != config::Normalisation::kBinZScore) {
    for (float& value : values) value = (levelled(value, scaling) - scaling.offset) * scaling.factor;
    return;
  }
  for (std::size_t frame = 0; frame < values.size(); frame += bins) {
    float* row = values.data() + frame;
    for (std::size_t bin = 0; bin < bins; ++bin)
      row[bin] = (levelled(row[bin], scaling) - mean[bin]) * scale[bin];
  }
}

std::string Normaliser::to_json() const { return config::to_json_text(*this); }

Normaliser Normaliser::from_json(std::string_view text) {
  return config::from_json_text<Normaliser>(text, "normaliser");
}

void BinStatistics::add(std::span<const float> values) {
  const std::size_t bins = sum_.size();
  for (std::size_t frame = 0; frame < values.size(); frame += bins) {
    const float* row = values.data() + frame;
    for (std::size_t bin = 0; bin < bins; ++bin) {
      const double value = row[bin];
      sum_[bin] += value;
      square_[bin] += value * value;
    }
  }
  frames_ += values.size() / bins;
}

void BinStatistics::store_in(Normaliser& normaliser) const {
  const auto n = static_cast<double>(frames_);
  normaliser.mean.clear();
  normaliser.scale.clear();
  const double smallest = normaliser.scale_of_values == store::FeatureScale::kDecibel
                              ? Normaliser::kMinStd
                              : Normaliser::kMinLinearStd;
  for (std::size_t bin = 0; bin < sum_.size(); ++bin) {
    const double mean = sum_[bin] / n;
    const double variance = std::max(0.0, square_[bin] / n - mean * mean);
    normaliser.mean.push_back(static_cast<float>(mean));
    normaliser.scale.push_back(static_cast<float>(1.0 / std::max(std::sqrt(variance), smallest)));
  }
}

}  // namespace chorale::samples
