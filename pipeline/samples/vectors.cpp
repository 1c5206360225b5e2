#include "pipeline/samples/vectors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "pipeline/config/json_fields.hpp"
#include "pipeline/dataset/keys.hpp"
#include "pipeline/samples/vector_fields.hpp"

namespace chorale::samples {
namespace {

// Columns that are categories, and how many values each has: docs/features.md.
struct Category {
  std::string_view feature, column;
  std::int64_t values;
};
constexpr std::array<Category, 3> kCategories = {
    {{"features_103", "estimated_key", 12}, {"estimates", "key", 24}, {"estimates", "key_tonic", 12}}};

std::int64_t values_of(std::string_view feature, std::string_view column) {
  const auto* found = std::ranges::find_if(kCategories, [&](const Category& category) {
    return category.feature == feature && category.column == column;
  });
  return found == kCategories.end() ? 0 : found->values;
}

// Categories are keys, or their tonics.
const std::string& value_name(std::int64_t value, std::int64_t values) {
  const auto& names = static_cast<std::size_t>(values) == dataset::tonic_names().size()
                          ? dataset::tonic_names()
                          : dataset::key_names();
  return names.at(static_cast<std::size_t>(value));
}

std::vector<std::int64_t> categories_of(const store::Feature& feature) {
  std::vector<std::int64_t> categories(feature.width);
  for (std::size_t i = 0; i < feature.columns.size(); ++i)
    categories[i] = values_of(feature.name, feature.columns[i]);
  return categories;
}

bool fits(float value, std::int64_t categories) {
  if (categories == 0) return std::isfinite(value);
  return value >= 0 && value < static_cast<float>(categories) && value == std::floor(value);
}

// Reads vectors of one feature, and refuses values that nothing can be made of.
class Reader {
 public:
  Reader(const store::Store& store, std::string_view name, std::span<const std::int64_t> categories)
      : store_(store),
        feature_(store.feature(name, store::FeatureKind::kTrack)),
        categories_(categories),
        values_(description().width) {}

  std::span<const float> read(std::size_t track) {
    store_.read_vector(feature_, track, values_.data());
    for (std::size_t i = 0; i < values_.size(); ++i) {
      if (!fits(values_[i], categories_[i])) refuse(track, i);
    }
    return values_;
  }

 private:
  const store::Feature& description() const { return store_.features()[feature_]; }

  [[noreturn]] void refuse(std::size_t track, std::size_t column) const {
    const auto& names = description().columns;
    throw store::StoreError(fmt::format(
        "{}: {} of {} is {} in column {}, expected {}; make the store again: chorale ingest CONFIG --rebuild",
        store_.path().string(), description().name, store_.tracks()[track].track.id, values_[column],
        names.empty() ? std::to_string(column) : names[column],
        categories_[column] == 0 ? "a finite number"
                                 : fmt::format("a whole number from 0 to {}", categories_[column] - 1)));
  }

  const store::Store& store_;
  std::size_t feature_;
  std::span<const std::int64_t> categories_;
  std::vector<float> values_;
};

// Mean and standard deviation of columns, the latter from deviations, since large columns with a small
// deviation (Hz) would lose it to rounding in a sum of squares.
struct Moments {
  std::vector<double> mean, std;
};

Moments moments_of(Reader& reader, std::span<const std::size_t> tracks, std::size_t columns) {
  Moments moments{std::vector<double>(columns), std::vector<double>(columns)};
  const auto n = static_cast<double>(tracks.size());
  for (const std::size_t track : tracks) {
    const auto values = reader.read(track);
    for (std::size_t i = 0; i < columns; ++i) moments.mean[i] += values[i];
  }
  for (double& mean : moments.mean) mean /= n;
  for (const std::size_t track : tracks) {
    const auto values = reader.read(track);
    for (std::size_t i = 0; i < columns; ++i) moments.std[i] += std::pow(values[i] - moments.mean[i], 2);
  }
  for (double& std : moments.std) std = std::sqrt(std / n);
  return moments;
}

// A deviation this small against the mean is what rounding to float makes of a constant.
constexpr double kRounding = 1e-6;

}  // namespace

VectorEncoder VectorEncoder::fit(const store::Store& store, std::string_view name,
                                 std::span<const config::Part> parts) {
  VectorEncoder encoder;
  if (name.empty()) return encoder;
  encoder.feature = name;
  encoder.categories = categories_of(store.features()[store.feature(name, store::FeatureKind::kTrack)]);
  std::vector<std::size_t> tracks;
  for (std::size_t track = 0; track < parts.size(); ++track) {
    if (parts[track] == config::Part::kTrain && store.tracks()[track].track.variant.empty())
      tracks.push_back(track);
  }
  if (tracks.empty()) {
    throw runtime::UsageError(
        fmt::format("{}: no track is in the training part, so there is nothing to standardise {} with; lower "
                    "split.validation and split.test, or look at split.*",
                    store.path().string(), name));
  }
  Reader reader(store, name, encoder.categories);
  const auto [mean, std] = moments_of(reader, tracks, encoder.categories.size());
  for (std::size_t i = 0; i < encoder.categories.size(); ++i) {
    const bool amount = encoder.categories[i] == 0;
    const bool varies = amount && std[i] > kRounding * std::abs(mean[i]);
    encoder.mean.push_back(amount ? static_cast<float>(mean[i]) : 0.0F);
    encoder.scale.push_back(varies ? static_cast<float>(1 / std[i]) : 0.0F);
  }
  return encoder;
}

std::size_t VectorEncoder::width() const {
  std::int64_t width = 0;
  for (const std::int64_t values : categories) width += std::max<std::int64_t>(values, 1);
  return static_cast<std::size_t>(width);
}

void VectorEncoder::encode(std::span<const float> stored, float* out) const {
  for (std::size_t i = 0; i < stored.size(); ++i) {
    if (categories[i] == 0) {
      *out++ = std::clamp((stored[i] - mean[i]) * scale[i], -kLargest, kLargest);
    } else {
      std::fill_n(out, categories[i], 0.0F);
      out[static_cast<std::size_t>(stored[i])] = 1.0F;
      out += categories[i];
    }
  }
}

std::vector<std::string> encoded_columns(const store::Store& store, const VectorEncoder& encoder) {
  const auto& feature = store.features()[store.feature(encoder.feature, store::FeatureKind::kTrack)];
  std::vector<std::string> names;
  for (std::size_t i = 0; i < encoder.categories.size(); ++i) {
    const std::string column = feature.columns.empty() ? std::to_string(i) : feature.columns[i];
    const std::int64_t values = encoder.categories[i];
    if (values == 0) names.push_back(column);
    for (std::int64_t value = 0; value < values; ++value)
      names.push_back(fmt::format("{}={}", column, value_name(value, values)));
  }
  return names;
}

std::string VectorEncoder::to_json() const { return config::to_json_text(*this); }

VectorEncoder VectorEncoder::from_json(std::string_view text) {
  return config::from_json_text<VectorEncoder>(text, "vector");
}

Vectors::Vectors(const store::Store& store, const VectorEncoder& encoder, std::span<const config::Part> parts)
    : width_(encoder.width()), values_(parts.size() * width_) {
  if (width_ == 0) return;
  const auto feature = store.feature(encoder.feature, store::FeatureKind::kTrack);
  if (categories_of(store.features()[feature]) != encoder.categories) {
    throw store::StoreMismatch(fmt::format(
        "{}: its {} has other columns than when the run was trained; evaluate or continue the run with the "
        "store it was trained on, or train anew",
        store.path().string(), encoder.feature));
  }
  Reader reader(store, encoder.feature, encoder.categories);
  for (std::size_t track = 0; track < parts.size(); ++track) {
    if (parts[track] != config::Part::kNone) encoder.encode(reader.read(track), &values_[track * width_]);
  }
}

}  // namespace chorale::samples
