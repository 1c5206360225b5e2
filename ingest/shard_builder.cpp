#include "ingest/shard_builder.hpp"

#include "ingest/audio_options.hpp"
#include "ingest/variants.hpp"
#include "pipeline/runtime/atomic_file.hpp"

namespace chorale::ingest {
namespace {

const char* const kUnreadable =
    "; it was there when the collection was listed. Once it can be read, the same command continues; a file "
    "that never can be must leave the collection";

}  // namespace

ShardBuilder::ShardBuilder(const config::Experiment& experiment, store::StoreHeader header,
                           std::unique_ptr<features::Extractor> extractor,
                           const std::optional<catalogue::Precomputed>& precomputed)
    : tree_(
          tree::Tree::open_root(catalogue::tree_root(experiment.dataset), max_file_bytes(experiment.audio))),
      store_(experiment.store.path),
      header_(std::move(header)),
      sample_rate_(static_cast<double>(experiment.audio.sample_rate)),
      loader_(load_options(experiment.audio)),
      cleaner_(sample_rate_, clean_options(experiment.clean)),
      augmenter_(sample_rate_, static_cast<std::uint64_t>(experiment.augment.seed)),
      variants_(make_variants(experiment.augment)),
      extractor_(std::move(extractor)),
      frame_seconds_(static_cast<double>(experiment.features.hop_length) / sample_rate_) {
  if (precomputed) precomputed_.emplace(*tree_, *precomputed);
}

bool ShardBuilder::build(const Shard& shard, const Part& part, const AfterTrack& after_track) {
  store::ShardWriter writer(header_, shard.number, shard.catalogue_hash);
  for (const auto& [path, stage_name, reason] : part.refused) writer.quarantine({path, stage_name, reason});
  for (const catalogue::Entry& entry : part.entries) {
    if (!after_track(add(entry, writer))) return false;
  }
  writer.write(store_);
  return true;
}

// Reasons name no folder outside of the collection: the store's bytes do not depend on where it lies.
double ShardBuilder::add(const catalogue::Entry& entry, store::ShardWriter& writer) {
  stage_ = "read";
  try {
    return precomputed_ ? add_precomputed(entry, writer) : add_audio(entry, writer);
  } catch (const runtime::FileError& error) {
    throw runtime::Error(error.what() + std::string(kUnreadable));
  } catch (const tree::NoAccess& error) {
    writer.quarantine({entry.track.path, store::kAccessStage, error.what()});
  } catch (const std::bad_alloc&) {
    writer.quarantine({entry.track.path, store::kMemoryStage, "needs more memory than there is"});
  } catch (const std::exception& error) {
    writer.quarantine({entry.track.path, stage_, error.what()});
  }
  return 0;
}

double ShardBuilder::add_audio(const catalogue::Entry& entry, store::ShardWriter& writer) {
  store::StoredTrack stored;
  stored.track = entry.track;
  const auto stream = tree_->open({entry.track.path, entry.bytes, entry.place});
  stored.source_hash = tree::content_hash(*stream);
  stage_ = "empty";
  if (stream->size() == 0) throw runtime::Error("the file has no bytes");
  stage_ = "decode";
  const audio::Recording recording = loader_.load(*stream);
  stored.source_rate = recording.source_rate;
  stored.channels = recording.channels;
  stored.duration = recording.duration;
  if (stored.track.group.empty()) stored.track.group = recording.artist;
  if (stored.track.group.empty()) stored.track.group = stored.track.id;
  stage_ = "clean";
  const auto samples = cleaner_.clean(recording.samples);
  stage_ = "features";
  writer.add(stored, extractor_->compute(samples));
  for (const audio::Variant& variant : variants_) add_variant(stored, variant, samples, writer);
  return stored.duration;
}

double ShardBuilder::add_precomputed(const catalogue::Entry& entry, store::ShardWriter& writer) {
  store::StoredTrack stored;
  stored.track = entry.track;
  stage_ = "array";
  const auto values = precomputed_->read(entry);
  stored.source_hash = precomputed_->source_hash();
  stored.duration = static_cast<double>(precomputed_->frames()) * frame_seconds_;
  if (stored.track.group.empty()) stored.track.group = stored.track.id;
  const double seconds = stored.duration;
  writer.add(std::move(stored), values);
  return seconds;
}

void ShardBuilder::add_variant(const store::StoredTrack& recording, const audio::Variant& variant,
                               std::span<const float> samples, store::ShardWriter& writer) {
  try {
    const auto changed = augmenter_.apply(variant, samples, recording.track.id);
    store::StoredTrack stored = recording;
    stored.track = variant_of(recording.track, header_.tasks, variant);
    stored.duration = static_cast<double>(changed.size()) / sample_rate_;
    writer.add(std::move(stored), extractor_->compute(changed));
  } catch (const std::bad_alloc&) {
    writer.quarantine(
        {recording.track.path, store::kMemoryStage, variant.name + " needs more than there is"});
  } catch (const std::exception& error) {
    writer.quarantine({recording.track.path, variant.name, error.what()});
  }
}

}  // namespace chorale::ingest
