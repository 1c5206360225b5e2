#include "ingest/shard_builder.hpp"

#include <unistd.h>

#include <cerrno>

#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/hash.hpp"

namespace chorale::ingest {
namespace {

// Why a file will never be read, however often it is tried; nullptr for a failure that may pass (a lost
// mount, a stale handle): a shard written without its tracks would stay without them.
const char* lasting_reason(const std::filesystem::path& file) {
  if (::access(file.c_str(), R_OK) == 0) return nullptr;
  const int code = errno;
  std::error_code ignored;
  if (code == EACCES) return "may not be read by this user";
  if (code == ENOENT && std::filesystem::is_symlink(file, ignored)) return "a link that leads nowhere";
  return nullptr;
}

const char* const kUnreadable =
    "; it was there when the collection was listed. Once it can be read, the same command continues; a file "
    "that never can be must leave the collection";

}  // namespace

ShardBuilder::ShardBuilder(const config::Experiment& experiment, store::StoreHeader header)
    : root_(experiment.dataset.root),
      store_(experiment.store.path),
      header_(std::move(header)),
      resampler_(static_cast<std::int32_t>(experiment.audio.sample_rate)),
      extractor_(experiment) {}

bool ShardBuilder::build(const Shard& shard, const AfterTrack& after_track) {
  store::ShardWriter writer(header_, shard.number, shard.catalogue_hash);
  for (const catalogue::Entry& entry : shard.entries) {
    if (!after_track(add(entry, writer))) return false;
  }
  writer.write(store_);
  return true;
}

// Reasons name no folder outside of the collection: the store's bytes do not depend on where it lies.
double ShardBuilder::add(const catalogue::Entry& entry, store::ShardWriter& writer) {
  const auto file = root_ / entry.track.path;
  const char* stage = "read";
  try {
    store::StoredTrack stored;
    stored.track = entry.track;
    stored.source_hash = runtime::xxh3_file(file);
    stage = "empty";
    if (entry.bytes == 0) throw runtime::Error("the file has no bytes");
    stage = "decode";
    const audio::Recording& recording = decoder_.decode(file);
    stored.source_rate = recording.source_rate;
    stored.channels = recording.channels;
    stored.duration = static_cast<double>(recording.samples.size()) / recording.source_rate;
    if (stored.track.group.empty()) stored.track.group = recording.artist;
    if (stored.track.group.empty()) stored.track.group = stored.track.id;
    stage = "resample";
    const auto samples = resampler_.resample(recording.samples, recording.source_rate);
    stage = "features";
    const double seconds = stored.duration;
    writer.add(std::move(stored), extractor_.compute(samples));
    return seconds;
  } catch (const runtime::FileError& error) {
    const char* reason = lasting_reason(file);
    if (reason == nullptr) throw runtime::Error(error.what() + std::string(kUnreadable));
    writer.quarantine({entry.track.path, stage, reason});
  } catch (const std::bad_alloc&) {
    writer.quarantine({entry.track.path, stage, "needs more memory than there is"});
  } catch (const std::exception& error) {
    writer.quarantine({entry.track.path, stage, error.what()});
  }
  return 0;
}

}  // namespace chorale::ingest
