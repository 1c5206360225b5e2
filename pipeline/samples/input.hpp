// The representation of a store that slices are taken from.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "pipeline/config/experiment.hpp"
#include "pipeline/store/store.hpp"

namespace chorale::samples {

// Keeps a reference to the store. Copies share what is held in memory.
class Input {
 public:
  // Throws StoreMismatch when the store has no representation of this name.
  Input(const store::Store& store, std::string_view name)
      : store_(store), feature_(store.feature(name, store::FeatureKind::kFrames)) {}

  // Reads all tracks that are in some part into memory, in store order; from then on they are read from there
  // (train.resident = host).
  void hold(std::span<const config::Part> parts);
  // Bytes of these tracks, as stored.
  std::uint64_t bytes(std::span<const config::Part> parts) const;

  const store::Store& store() const { return store_; }
  std::size_t bins() const { return description().width; }
  store::FeatureScale scale() const { return description().scale; }
  config::StoreType type() const { return description().type; }
  std::uint64_t frames(std::size_t track) const { return store_.tracks()[track].frame_count; }

  // [count, bins] from frame `first` of a track on, as stored.
  void read(std::size_t track, std::uint64_t first, std::uint64_t count, float* out) const;
  // All frames of a track: numbers of type(), at any address.
  std::span<const std::byte> stored(std::size_t track) const;
  // Of a track in decibels.
  float maximum(std::size_t track) const { return store_.maximum(feature_, track); }

 private:
  // The bytes of track t are [first[t], first[t + 1]): none of those that are not held.
  struct Memory {
    std::vector<std::byte> bytes;
    std::vector<std::uint64_t> first;
  };

  const store::Feature& description() const { return store_.features()[feature_]; }

  const store::Store& store_;
  std::size_t feature_;
  std::shared_ptr<const Memory> memory_;
};

}  // namespace chorale::samples
