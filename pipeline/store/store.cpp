#include "pipeline/store/store.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>

#include "pipeline/store/checksums.hpp"
#include "pipeline/store/folder.hpp"
#include "pipeline/store/half.hpp"
#include "pipeline/store/mapped_file.hpp"
#include "pipeline/store/tables.hpp"

namespace chorale::store {
namespace fs = std::filesystem;

struct Store::Impl {
  fs::path path;
  StoreHeader header;
  std::vector<StoredTrack> tracks;
  std::vector<QuarantineRow> quarantine;
  std::vector<ShardPlace> shards;
  std::vector<MappedFile> files;  // one a shard

  std::size_t frame_bytes() const {
    return header.mel_bins *
           (header.dtype == config::StoreType::kHalf ? sizeof(std::uint16_t) : sizeof(float));
  }
};

namespace {

void require_index(const fs::path& store) {
  if (has_index(store)) return;
  if (!fs::is_directory(store)) throw StoreError(store.string() + ": no store there (no such folder)");
  const std::size_t shards = shard_files(store).size();
  if (shards == 0) throw StoreError(store.string() + ": no store there (neither index.h5 nor shards)");
  throw StoreError(store.string() + ": the store is incomplete (shards: " + std::to_string(shards) +
                   ", no index.h5)");
}

[[noreturn]] void refuse(const fs::path& file, const std::string& why) {
  throw StoreError(file.string() + ": " + why);
}

// Maps a shard and makes sure that the index's offsets lie within it.
MappedFile map_shard(const fs::path& path, const ShardPlace& place, std::size_t bytes_a_frame) {
  MappedFile file(path);
  const std::uint64_t size = file.bytes().size();
  if (size != place.bytes) {
    refuse(path,
           "has " + std::to_string(size) + " bytes where the index says " + std::to_string(place.bytes));
  }
  if (place.mel_offset > size || place.mel_frames > (size - place.mel_offset) / bytes_a_frame) {
    refuse(path, "/mel does not lie where the index says");
  }
  return file;
}

}  // namespace

Store Store::open(const fs::path& path) try {
  require_index(path);
  auto impl = std::make_unique<Impl>();
  const Hdf5File index = Hdf5File::open(path / kIndexName);
  impl->path = path;
  impl->header = read_header(index, "index");
  impl->tracks = read_tracks(index, impl->header.tasks);
  impl->quarantine = read_quarantine(index);
  impl->shards = read_shards(index);
  for (const auto& place : impl->shards) {
    impl->files.push_back(map_shard(path / place.name, place, impl->frame_bytes()));
  }
  for (const auto& track : impl->tracks) {
    if (track.shard >= impl->shards.size())
      refuse(index.path(), track.track.id + ": its shard is not in the index");
    const std::uint64_t frames = impl->shards[track.shard].mel_frames;
    if (track.frame_offset > frames || track.frame_count > frames - track.frame_offset) {
      refuse(index.path(), track.track.id + ": its frames are not in its shard");
    }
  }
  return Store(std::move(impl));
} catch (const StoreError& error) {
  throw StoreError(std::string(error.what()) + "; run chorale ingest: it makes what is missing or damaged");
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::~Store() = default;
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;

const fs::path& Store::path() const { return impl_->path; }
const std::string& Store::config_text() const { return impl_->header.config_text; }
const std::string& Store::config_hash() const { return impl_->header.config_hash; }
const std::string& Store::program_version() const { return impl_->header.program_version; }
const std::string& Store::decoder() const { return impl_->header.decoder; }
const std::vector<dataset::Task>& Store::tasks() const { return impl_->header.tasks; }
const std::vector<StoredTrack>& Store::tracks() const { return impl_->tracks; }
const std::vector<QuarantineRow>& Store::quarantine() const { return impl_->quarantine; }
const std::vector<ShardPlace>& Store::shards() const { return impl_->shards; }
std::size_t Store::mel_bins() const { return impl_->header.mel_bins; }
config::StoreType Store::mel_type() const { return impl_->header.dtype; }

void Store::read_mel(std::size_t track, std::uint64_t first, std::uint64_t count, float* out) const {
  const StoredTrack& row = impl_->tracks[track];
  const std::byte* bytes = impl_->files[row.shard].bytes().data() + impl_->shards[row.shard].mel_offset +
                           (row.frame_offset + first) * impl_->frame_bytes();
  if (impl_->header.dtype == config::StoreType::kHalf) {
    floats_from_halves(bytes, count * impl_->header.mel_bins, out);
  } else {
    std::memcpy(out, bytes, count * impl_->frame_bytes());
  }
}

std::vector<std::string> Store::verify() const {
  std::vector<std::string> found = damages(impl_->path / kIndexName);
  for (const auto& place : impl_->shards) {
    const fs::path path = impl_->path / place.name;
    auto damaged = damages(path);
    if (damaged.empty() && Hdf5File::open(path).place_of("/mel").checksum != place.mel_checksum) {
      damaged.push_back(path.string() + ": /mel: is not the one the index was made from");
    }
    std::ranges::move(damaged, std::back_inserter(found));
  }
  return found;
}

}  // namespace chorale::store
