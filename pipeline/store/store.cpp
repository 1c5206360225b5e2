#include "pipeline/store/store.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <mutex>
#include <optional>
#include <span>

#include "pipeline/store/checksums.hpp"
#include "pipeline/store/folder.hpp"
#include "pipeline/store/half.hpp"
#include "pipeline/store/mapped_file.hpp"
#include "pipeline/store/tables.hpp"

namespace chorale::store {
namespace fs = std::filesystem;

// Shards, each mapped when it is first needed.
class ShardMaps {
 public:
  ShardMaps(fs::path store, std::span<const ShardPlace> places)
      : store_(std::move(store)), places_(places), once_(places.size()), files_(places.size()) {}

  const std::byte* at(std::size_t shard, std::uint64_t offset) {
    std::call_once(once_[shard], [&] { files_[shard].emplace(map(places_[shard])); });
    return files_[shard]->bytes().data() + offset;
  }

 private:
  MappedFile map(const ShardPlace& place) const {
    const fs::path path = store_ / place.name;
    MappedFile file(path);
    if (file.bytes().size() != place.bytes) {
      throw StoreError(path.string() + ": its size has changed since the store was opened");
    }
    return file;
  }

  fs::path store_;
  std::span<const ShardPlace> places_;
  std::vector<std::once_flag> once_;
  std::vector<std::optional<MappedFile>> files_;
};

struct Store::Impl {
  fs::path path;
  StoreHeader header;
  std::vector<StoredTrack> tracks;
  std::vector<FeatureColumns> columns;  // one a feature
  std::vector<QuarantineRow> quarantine;
  std::vector<ShardPlace> shards;
  std::vector<std::size_t> first_track;  // of each shard
  std::unique_ptr<ShardMaps> maps;

  // The first byte of row `row` of a track's shard.
  const std::byte* row_of(std::size_t feature, std::size_t shard, std::uint64_t row) const {
    return maps->at(shard,
                    shards[shard].features[feature].offset + row * row_bytes(header.features[feature]));
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

// Makes sure that what the index says of a shard lies within it.
void check_shard_place(const fs::path& path, const ShardPlace& place, std::span<const Feature> features) {
  std::error_code error;
  const std::uint64_t size = fs::file_size(path, error);
  if (error) refuse(path, "cannot be read: " + error.message());
  if (size != place.bytes) {
    refuse(path,
           "has " + std::to_string(size) + " bytes where the index says " + std::to_string(place.bytes));
  }
  for (std::size_t i = 0; i < features.size(); ++i) {
    const auto& [offset, rows, checksum] = place.features[i];
    if (offset > size || rows > (size - offset) / row_bytes(features[i])) {
      refuse(path, "/" + features[i].name + " does not lie where the index says");
    }
  }
}

const char* describe(FeatureKind kind) {
  switch (kind) {
    case FeatureKind::kFrames:
      return "a representation of frames";
    case FeatureKind::kTrack:
      return "one vector of numbers a track";
    case FeatureKind::kEvents:
      return "a list of times";
  }
  return "";
}

// Rows of a feature that a track has in its shard.
struct Rows {
  std::uint64_t first, count;
};

Rows rows_of(const Feature& feature, const FeatureColumns& columns, const StoredTrack& row, std::size_t track,
             std::size_t first_track) {
  switch (feature.kind) {
    case FeatureKind::kFrames:
      return {row.frame_offset, row.frame_count};
    case FeatureKind::kTrack:
      return {track - first_track, 1};
    case FeatureKind::kEvents:
      return {columns.offsets[track], columns.counts[track]};
  }
  return {};
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
  impl->shards = read_shards(index, impl->header.features);
  for (const Feature& feature : impl->header.features)
    impl->columns.push_back(read_feature_columns(index, feature));
  check(*impl, index.path());
  impl->maps = std::make_unique<ShardMaps>(path, impl->shards);
  return Store(std::move(impl));
} catch (const StoreError& error) {
  throw StoreError(std::string(error.what()) + "; run chorale ingest: it makes what is missing or damaged");
}

void Store::check(Impl& impl, const fs::path& index) {
  const auto& features = impl.header.features;
  for (const auto& place : impl.shards) check_shard_place(impl.path / place.name, place, features);
  impl.first_track.assign(impl.shards.size(), impl.tracks.size());
  for (std::size_t t = impl.tracks.size(); t-- > 0;) {
    const StoredTrack& row = impl.tracks[t];
    if (row.shard >= impl.shards.size()) refuse(index, row.track.id + ": its shard is not in the index");
    impl.first_track[row.shard] = t;
  }
  for (std::size_t i = 0; i < features.size(); ++i) {
    const auto& columns = impl.columns[i];
    for (const std::size_t size : {columns.maxima.size(), columns.offsets.size(), columns.counts.size()}) {
      if (size != 0 && size != impl.tracks.size()) refuse(index, features[i].name + ": not one row a track");
    }
    for (std::size_t t = 0; t < impl.tracks.size(); ++t) {
      const StoredTrack& row = impl.tracks[t];
      const auto [first, count] = rows_of(features[i], columns, row, t, impl.first_track[row.shard]);
      const std::uint64_t rows = impl.shards[row.shard].features[i].rows;
      if (first > rows || count > rows - first)
        refuse(index, row.track.id + ": its " + features[i].name + " is not in its shard");
    }
  }
}

void decode_frames(const Feature& feature, const std::byte* stored, std::uint64_t count, float* out) {
  if (feature.type == config::StoreType::kHalf) {
    floats_from_halves(stored, count * feature.width, out);
  } else {
    std::memcpy(out, stored, count * row_bytes(feature));
  }
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
const std::vector<Feature>& Store::features() const { return impl_->header.features; }

std::size_t Store::feature(std::string_view name, FeatureKind kind) const {
  std::string held, ingest;
  for (std::size_t i = 0; i < features().size(); ++i) {
    const Feature& feature = features()[i];
    if (feature.name == name && feature.kind == kind) return i;
    if (feature.name == name) {
      throw StoreMismatch(path().string() + ": " + feature.name + " is " + describe(feature.kind) + ", not " +
                          describe(kind));
    }
    if (feature.kind == kind) held += (held.empty() ? "" : ", ") + feature.name;
    ingest += "\"" + feature.name + "\", ";
  }
  throw StoreMismatch(path().string() + ": does not hold " + std::string(name) + "; it holds " +
                      (held.empty() ? "nothing of this kind" : held) + ". Set features.store = [" + ingest +
                      "\"" + std::string(name) + "\"] and run chorale ingest CONFIG --rebuild");
}

void Store::read_frames(std::size_t feature, std::size_t track, std::uint64_t first, std::uint64_t count,
                        float* out) const {
  if (count == 0) return;
  const Feature& stored = features()[feature];
  decode_frames(stored, frame_bytes(feature, track).data() + first * row_bytes(stored), count, out);
}

std::span<const std::byte> Store::frame_bytes(std::size_t feature, std::size_t track) const {
  const StoredTrack& row = impl_->tracks[track];
  if (row.frame_count == 0) return {};
  return {impl_->row_of(feature, row.shard, row.frame_offset),
          row.frame_count * row_bytes(features()[feature])};
}

void Store::read_vector(std::size_t feature, std::size_t track, float* out) const {
  const std::uint32_t shard = impl_->tracks[track].shard;
  std::memcpy(out, impl_->row_of(feature, shard, track - impl_->first_track[shard]),
              row_bytes(features()[feature]));
}

std::vector<std::uint32_t> Store::read_events(std::size_t feature, std::size_t track) const {
  const FeatureColumns& columns = impl_->columns[feature];
  std::vector<std::uint32_t> events(columns.counts[track]);
  if (events.empty()) return events;
  std::memcpy(events.data(), impl_->row_of(feature, impl_->tracks[track].shard, columns.offsets[track]),
              events.size() * sizeof(std::uint32_t));
  return events;
}

float Store::maximum(std::size_t feature, std::size_t track) const {
  return impl_->columns[feature].maxima[track];
}

std::vector<std::string> Store::differences_from_index(const fs::path& shard, const ShardPlace& place) const {
  std::vector<std::string> found;
  const Hdf5File file = Hdf5File::open(shard);
  for (std::size_t i = 0; i < features().size(); ++i) {
    const std::string dataset = "/" + features()[i].name;
    if (file.place_of(dataset).checksum != place.features[i].checksum)
      found.push_back(shard.string() + ": " + dataset + ": is not the one the index was made from");
  }
  return found;
}

std::vector<std::string> Store::verify() const {
  std::vector<std::string> found = damages(impl_->path / kIndexName);
  for (const auto& place : impl_->shards) {
    const fs::path path = impl_->path / place.name;
    auto damaged = damages(path);
    if (damaged.empty()) damaged = differences_from_index(path, place);
    std::ranges::move(damaged, std::back_inserter(found));
  }
  return found;
}

}  // namespace chorale::store
