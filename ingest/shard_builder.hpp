// From the audio files of one shard to the shard.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "ingest/audio/load.hpp"
#include "ingest/features/extractor.hpp"
#include "ingest/plan.hpp"
#include "ingest/tree/tree.hpp"
#include "pipeline/config/experiment.hpp"
#include "pipeline/store/shard_writer.hpp"

namespace chorale::ingest {

// Reuses its buffers from track to track. Not for several threads.
class ShardBuilder {
 public:
  // Throws TreeError when dataset.root cannot be opened.
  ShardBuilder(const config::Experiment& experiment, store::StoreHeader header);

  // Called after each track with its seconds of audio (0 for a quarantined one); false: abandon the shard.
  using AfterTrack = std::function<bool(double seconds)>;

  // Writes the shard to the store. A file whose content cannot be used becomes a quarantine row, whatever is
  // wrong with it. False: abandoned, nothing written. Throws runtime::Error when a file is gone or its disk
  // fails, StoreError when the shard cannot be written.
  bool build(const Shard& shard, const Part& part, const AfterTrack& after_track);

 private:
  double add(const catalogue::Entry& entry, store::ShardWriter& writer);

  std::unique_ptr<tree::Tree> tree_;
  std::filesystem::path store_;
  store::StoreHeader header_;
  audio::Loader loader_;
  features::Extractor extractor_;
};

}  // namespace chorale::ingest
