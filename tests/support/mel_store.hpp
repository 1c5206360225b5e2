// Stores of mel spectrograms alone.
#pragma once

#include <span>
#include <utility>

#include "pipeline/store/shard_writer.hpp"

namespace chorale::testing_support {

inline store::Feature mel_feature(std::size_t bins, config::StoreType type = config::StoreType::kHalf) {
  return {.name = "mel",
          .kind = store::FeatureKind::kFrames,
          .width = bins,
          .scale = store::FeatureScale::kDecibel,
          .type = type};
}

inline void add_mel(store::ShardWriter& writer, store::StoredTrack track, std::span<const float> mel) {
  writer.add(std::move(track), {&mel, 1});
}

}  // namespace chorale::testing_support
