// One feature of the tracks of a shard, until the shard is written.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "pipeline/store/feature_columns.hpp"
#include "pipeline/store/hdf5.hpp"

namespace chorale::store {

class FeatureBuffer {
 public:
  explicit FeatureBuffer(Feature feature) : feature_(std::move(feature)) {}

  const Feature& feature() const { return feature_; }
  std::uint64_t rows() const { return rows_; }

  // Throws StoreError when the values of one track cannot be stored: none, no whole rows, NaN or infinity, or
  // more than a half can hold.
  void check(std::span<const float> values) const;
  // Precondition: check() passed.
  void add(std::span<const float> values);

  // The dataset and the feature's columns of /tracks.
  void write(Hdf5File& file) const;

 private:
  Feature feature_;
  std::uint64_t rows_ = 0;
  std::vector<float> floats_;
  std::vector<std::uint16_t> halves_;
  std::vector<std::uint32_t> events_;
  FeatureColumns columns_;
};

}  // namespace chorale::store
