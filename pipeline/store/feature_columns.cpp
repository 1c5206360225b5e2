#include "pipeline/store/feature_columns.hpp"

namespace chorale::store {

void FeatureColumns::append(const FeatureColumns& other) {
  maxima.insert(maxima.end(), other.maxima.begin(), other.maxima.end());
  offsets.insert(offsets.end(), other.offsets.begin(), other.offsets.end());
  counts.insert(counts.end(), other.counts.begin(), other.counts.end());
}

void write_feature_columns(Hdf5File& file, const Feature& feature, const FeatureColumns& columns) {
  const std::string column = "/tracks/" + feature.name;
  if (feature.scale == FeatureScale::kDecibel) file.write_column(column + "_max", std::span(columns.maxima));
  if (feature.kind != FeatureKind::kEvents) return;
  file.write_column(column + "_offset", std::span(columns.offsets));
  file.write_column(column + "_count", std::span(columns.counts));
}

FeatureColumns read_feature_columns(const Hdf5File& file, const Feature& feature) {
  const std::string column = "/tracks/" + feature.name;
  FeatureColumns columns;
  if (feature.scale == FeatureScale::kDecibel) columns.maxima = file.read_column<float>(column + "_max");
  if (feature.kind == FeatureKind::kEvents) {
    columns.offsets = file.read_column<std::uint64_t>(column + "_offset");
    columns.counts = file.read_column<std::uint32_t>(column + "_count");
  }
  return columns;
}

}  // namespace chorale::store
