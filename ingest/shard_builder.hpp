// From the audio files of one shard to the shard.
#pragma once

#include <filesystem>
#include <functional>

#include "ingest/audio/decode.hpp"
#include "ingest/audio/resample.hpp"
#include "ingest/features/extractor.hpp"
#include "ingest/plan.hpp"
#include "pipeline/config/experiment.hpp"
#include "pipeline/store/shard_writer.hpp"

namespace chorale::ingest {

// Reuses its buffers from track to track. Not for several threads.
class ShardBuilder {
 public:
  ShardBuilder(const config::Experiment& experiment, store::StoreHeader header);

  // Called after each track with its seconds of audio (0 for a quarantined one); false: abandon the shard.
  using AfterTrack = std::function<bool(double seconds)>;

  // Writes the shard to the store. A file whose content cannot be used becomes a quarantine row, whatever is
  // wrong with it. False: abandoned, nothing written. Throws runtime::Error when a file is gone or its disk
  // fails, StoreError when the shard cannot be written.
  bool build(const Shard& shard, const AfterTrack& after_track);

 private:
  double add(const catalogue::Entry& entry, store::ShardWriter& writer);

  std::filesystem::path root_, store_;
  store::StoreHeader header_;
  audio::Decoder decoder_;
  audio::Resampler resampler_;
  features::Extractor extractor_;
};

}  // namespace chorale::ingest
