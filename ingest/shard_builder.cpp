#include "ingest/shard_builder.hpp"

#include "pipeline/runtime/atomic_file.hpp"

namespace chorale::ingest {
namespace {

std::uint64_t max_file_bytes(const config::Audio& audio) {
  return static_cast<std::uint64_t>(audio.max_file_mib) << 20;
}

audio::Mix mix_of(config::Channel channel) {
  switch (channel) {
    case config::Channel::kMean:
      return audio::Mix::kMean;
    case config::Channel::kLeft:
      return audio::Mix::kLeft;
    case config::Channel::kRight:
      return audio::Mix::kRight;
  }
  return audio::Mix::kMean;
}

audio::LoadOptions load_options(const config::Audio& audio) {
  return {.sample_rate = static_cast<std::int32_t>(audio.sample_rate),
          .mix = mix_of(audio.channel),
          .offset = audio.offset,
          .duration = audio.duration,
          .max_seconds = audio.max_seconds};
}

const char* const kUnreadable =
    "; it was there when the collection was listed. Once it can be read, the same command continues; a file "
    "that never can be must leave the collection";

}  // namespace

ShardBuilder::ShardBuilder(const config::Experiment& experiment, store::StoreHeader header)
    : tree_(tree::Tree::open_root(experiment.dataset.root, max_file_bytes(experiment.audio))),
      store_(experiment.store.path),
      header_(std::move(header)),
      loader_(load_options(experiment.audio)),
      extractor_(experiment) {}

bool ShardBuilder::build(const Shard& shard, const Part& part, const AfterTrack& after_track) {
  store::ShardWriter writer(header_, shard.number, shard.catalogue_hash);
  for (const auto& [path, reason] : part.refused) writer.quarantine({path, "list", reason});
  for (const catalogue::Entry& entry : part.entries) {
    if (!after_track(add(entry, writer))) return false;
  }
  writer.write(store_);
  return true;
}

// Reasons name no folder outside of the collection: the store's bytes do not depend on where it lies.
double ShardBuilder::add(const catalogue::Entry& entry, store::ShardWriter& writer) {
  const char* stage = "read";
  try {
    store::StoredTrack stored;
    stored.track = entry.track;
    const auto stream = tree_->open({entry.track.path, entry.bytes, entry.place});
    stored.source_hash = tree::content_hash(*stream);
    stage = "empty";
    if (stream->size() == 0) throw runtime::Error("the file has no bytes");
    stage = "decode";
    const audio::Recording recording = loader_.load(*stream);
    stored.source_rate = recording.source_rate;
    stored.channels = recording.channels;
    stored.duration = recording.duration;
    if (stored.track.group.empty()) stored.track.group = recording.artist;
    if (stored.track.group.empty()) stored.track.group = stored.track.id;
    stage = "features";
    const double seconds = stored.duration;
    writer.add(std::move(stored), extractor_.compute(recording.samples));
    return seconds;
  } catch (const runtime::FileError& error) {
    throw runtime::Error(error.what() + std::string(kUnreadable));
  } catch (const std::bad_alloc&) {
    writer.quarantine({entry.track.path, stage, "needs more memory than there is"});
  } catch (const std::exception& error) {
    writer.quarantine({entry.track.path, stage, error.what()});
  }
  return 0;
}

}  // namespace chorale::ingest
