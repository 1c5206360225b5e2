// The representation of a store that slices are taken from.
#pragma once

#include <string_view>

#include "pipeline/store/store.hpp"

namespace chorale::samples {

// Keeps a reference to the store.
class Input {
 public:
  // Throws StoreMismatch when the store has no representation of this name.
  Input(const store::Store& store, std::string_view name)
      : store_(store), feature_(store.feature(name, store::FeatureKind::kFrames)) {}

  const store::Store& store() const { return store_; }
  std::size_t bins() const { return description().width; }
  store::FeatureScale scale() const { return description().scale; }
  std::uint64_t frames(std::size_t track) const { return store_.tracks()[track].frame_count; }

  // [count, bins] from frame `first` of a track on, as stored.
  void read(std::size_t track, std::uint64_t first, std::uint64_t count, float* out) const {
    store_.read_frames(feature_, track, first, count, out);
  }
  // Of a track in decibels.
  float maximum(std::size_t track) const { return store_.maximum(feature_, track); }

 private:
  const store::Feature& description() const { return store_.features()[feature_]; }

  const store::Store& store_;
  std::size_t feature_;
};

}  // namespace chorale::samples
