#include "pipeline/store/feature_buffer.hpp"

#include <cmath>

#include "pipeline/runtime/magnitude.hpp"
#include "pipeline/store/half.hpp"

namespace chorale::store {
namespace {

constexpr float kLargestHalf = 65504.0F;
constexpr float kSmallestNormalHalf = 6.103515625e-5F;  // below, halves lose digits, and then all

}  // namespace

void FeatureBuffer::check(std::span<const float> values) const {
  const std::string& name = feature_.name;
  const float largest = runtime::largest_magnitude(values);
  if (!std::isfinite(largest)) throw StoreError(name + " holds NaN or infinity");
  if (feature_.kind == FeatureKind::kEvents) return;
  if (values.empty() || values.size() % feature_.width != 0) {
    throw StoreError(name + " has " + std::to_string(values.size()) + " values, no whole rows of " +
                     std::to_string(feature_.width));
  }
  if (feature_.kind == FeatureKind::kTrack && values.size() != feature_.width)
    throw StoreError(name + " has more than one row");
  if (feature_.type == config::StoreType::kHalf && largest > kLargestHalf) {
    throw StoreError(name + " exceeds " + std::to_string(static_cast<int>(kLargestHalf)) +
                     ", the largest half; store.dtype = \"f32\" holds it");
  }
  if (feature_.type == config::StoreType::kHalf && largest > 0 && largest < kSmallestNormalHalf) {
    throw StoreError(name + " is nowhere above 6e-5, where halves end; store.dtype = \"f32\" holds it");
  }
}

void FeatureBuffer::add(std::span<const float> values) {
  if (feature_.kind == FeatureKind::kEvents) {
    columns_.offsets.push_back(events_.size());
    columns_.counts.push_back(static_cast<std::uint32_t>(values.size()));
    for (const float value : values) events_.push_back(static_cast<std::uint32_t>(value));
    rows_ = events_.size();
    return;
  }
  rows_ += values.size() / feature_.width;
  if (feature_.scale == FeatureScale::kDecibel) columns_.maxima.push_back(runtime::largest(values));
  if (feature_.type == config::StoreType::kHalf) {
    const std::size_t end = halves_.size();
    halves_.resize(end + values.size());
    halves_from_floats(values, halves_.data() + end);
  } else {
    floats_.insert(floats_.end(), values.begin(), values.end());
  }
}

void FeatureBuffer::write(Hdf5File& file) const {
  const std::string dataset = "/" + feature_.name;
  const std::uint64_t shape[] = {rows_, feature_.width};
  if (feature_.kind == FeatureKind::kEvents) {
    file.write_column(dataset, std::span(events_));
  } else if (feature_.type == config::StoreType::kHalf) {
    file.write_dataset(dataset, ElementType::kHalf, shape, halves_.data());
  } else {
    file.write_dataset(dataset, ElementType::kFloat, shape, floats_.data());
  }
  write_feature_columns(file, feature_, columns_);
}

}  // namespace chorale::store
