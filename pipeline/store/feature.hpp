// What a store holds of its tracks.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "pipeline/config/experiment.hpp"

namespace chorale::store {

enum class FeatureKind {
  kFrames,  // [frames, width] of every track: a representation
  kTrack,   // [width] of every track: a vector of numbers
  kEvents,  // any number of frame numbers of every track, ascending
};

// Of representations. Decibels have reference 1.0 and no floor; their maximum over a track is kept, as the
// reference of ref=max.
enum class FeatureScale { kLinear, kDecibel };

struct Feature {
  std::string name = {};  // of its dataset: "mel"
  FeatureKind kind = FeatureKind::kFrames;
  std::size_t width = 0;  // 1 for events
  FeatureScale scale = FeatureScale::kLinear;
  config::StoreType type = config::StoreType::kFloat;  // of representations
  std::vector<std::string> columns = {};  // names, where the numbers of a row have any: `width` of them

  bool operator==(const Feature&) const = default;
};

// In the file.
inline std::size_t row_bytes(const Feature& feature) {
  return feature.width * (feature.type == config::StoreType::kHalf ? 2 : 4);
}

}  // namespace chorale::store
