// What /tracks keeps of each track for one feature: <name>_max of decibels, <name>_offset and <name>_count of
// events.
#pragma once

#include <cstdint>
#include <vector>

#include "pipeline/store/feature.hpp"
#include "pipeline/store/hdf5.hpp"

namespace chorale::store {

// One element a track, in the columns that the feature has.
struct FeatureColumns {
  std::vector<float> maxima;           // dB, before rounding to half
  std::vector<std::uint64_t> offsets;  // of the track's first event in its shard's dataset
  std::vector<std::uint32_t> counts;   // of its events

  void append(const FeatureColumns& other);
};

void write_feature_columns(Hdf5File& file, const Feature& feature, const FeatureColumns& columns);
FeatureColumns read_feature_columns(const Hdf5File& file, const Feature& feature);

}  // namespace chorale::store
