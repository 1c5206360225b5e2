// From the audio files of one shard to the shard.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "ingest/audio/clean.hpp"
#include "ingest/audio/load.hpp"
#include "ingest/audio/variants.hpp"
#include "ingest/features/extractor.hpp"
#include "ingest/plan.hpp"
#include "ingest/precomputed.hpp"
#include "ingest/tree/tree.hpp"
#include "pipeline/config/experiment.hpp"
#include "pipeline/store/shard_writer.hpp"

namespace chorale::ingest {

// Reuses its buffers from track to track. Not for several threads.
class ShardBuilder {
 public:
  // Throws TreeError when dataset.root cannot be opened.
  // `extractor` of the same experiment; or none, and `precomputed`: the entries are no audio
  // (catalogue::Catalogue).
  ShardBuilder(const config::Experiment& experiment, store::StoreHeader header,
               std::unique_ptr<features::Extractor> extractor,
               const std::optional<catalogue::Precomputed>& precomputed = std::nullopt);

  // Called after each track with its seconds of audio (0 for a quarantined one); false: abandon the shard.
  using AfterTrack = std::function<bool(double seconds)>;

  // Writes the shard to the store. A file whose content cannot be used becomes a quarantine row, whatever is
  // wrong with it; so does a variant that cannot be made of it. False: abandoned, nothing written. Throws
  // runtime::Error when a file is gone or its disk fails, StoreError when the shard cannot be written.
  bool build(const Shard& shard, const Part& part, const AfterTrack& after_track);

 private:
  double add(const catalogue::Entry& entry, store::ShardWriter& writer);
  double add_audio(const catalogue::Entry& entry, store::ShardWriter& writer);
  double add_precomputed(const catalogue::Entry& entry, store::ShardWriter& writer);
  void add_variant(const store::StoredTrack& recording, const audio::Variant& variant,
                   std::span<const float> samples, store::ShardWriter& writer);

  std::unique_ptr<tree::Tree> tree_;
  std::filesystem::path store_;
  store::StoreHeader header_;
  double sample_rate_;  // Hz
  audio::Loader loader_;
  audio::Cleaner cleaner_;
  audio::Augmenter augmenter_;
  std::vector<audio::Variant> variants_;
  std::unique_ptr<features::Extractor> extractor_;
  std::optional<PrecomputedReader> precomputed_;
  double frame_seconds_;
  const char* stage_ = "";  // of the entry being added
};

}  // namespace chorale::ingest
