#include "pipeline/store/shard_writer.hpp"

#include <algorithm>
#include <iterator>

#include "pipeline/store/checksums.hpp"
#include "pipeline/store/tables.hpp"

namespace chorale::store {
namespace fs = std::filesystem;
namespace {

// The frames of a track, which all its representations share; 0 when there are none.
std::uint64_t frames_of(std::span<const FeatureBuffer> features,
                        std::span<const std::span<const float>> values) {
  std::uint64_t frames = 0;
  const std::string* first = nullptr;
  for (std::size_t i = 0; i < features.size(); ++i) {
    const Feature& feature = features[i].feature();
    if (feature.kind != FeatureKind::kFrames) continue;
    const std::uint64_t found = values[i].size() / feature.width;
    if (first != nullptr && found != frames) {
      throw StoreError(feature.name + " has " + std::to_string(found) + " frames where " + *first + " has " +
                       std::to_string(frames));
    }
    frames = found;
    first = &feature.name;
  }
  return frames;
}

}  // namespace

ShardWriter::ShardWriter(StoreHeader header, std::size_t shard, std::string catalogue_hash)
    : header_(std::move(header)), shard_(shard), catalogue_hash_(std::move(catalogue_hash)) {
  for (const Feature& feature : header_.features) features_.emplace_back(feature);
}

void ShardWriter::add(StoredTrack track, std::span<const std::span<const float>> values) {
  for (std::size_t i = 0; i < features_.size(); ++i) features_[i].check(values[i]);
  track.shard = static_cast<std::uint32_t>(shard_);
  track.frame_offset = frames_;
  track.frame_count = frames_of(features_, values);
  frames_ += track.frame_count;
  for (std::size_t i = 0; i < features_.size(); ++i) features_[i].add(values[i]);
  tracks_.push_back(std::move(track));
}

void ShardWriter::quarantine(QuarantineRow row) { quarantine_.push_back(std::move(row)); }

void ShardWriter::write(const fs::path& store) const {
  const fs::path path = store / shard_name(shard_);
  Hdf5File file = Hdf5File::create(path);
  write_header(file, "shard", header_);
  file.write_attribute("/", "shard", static_cast<std::int64_t>(shard_));
  file.write_attribute("/", "catalogue_hash", std::string_view(catalogue_hash_));
  write_tracks(file, tracks_, header_.tasks);
  write_quarantine(file, quarantine_);
  for (const FeatureBuffer& feature : features_) feature.write(file);
  std::error_code ignored;
  fs::remove(store / kIndexName, ignored);
  save(file, path);
}

ShardState check_shard(const fs::path& store, std::size_t shard, const StoreHeader& header,
                       const std::string& catalogue_hash) {
  const fs::path path = store / shard_name(shard);
  if (!fs::exists(path)) return ShardState::kMissing;
  try {
    const Hdf5File file = Hdf5File::open(path);
    const StoreHeader found = read_header(file, "shard");
    if (found.config_hash != header.config_hash) return ShardState::kOtherConfig;
    if (!same_tasks(found, header) || found.features != header.features ||
        file.text_attribute("/", "catalogue_hash") != catalogue_hash ||
        file.integer_attribute("/", "shard") != static_cast<std::int64_t>(shard)) {
      return ShardState::kOtherCatalogue;
    }
    const auto rows = read_quarantine(file);
    if (std::any_of(rows.begin(), rows.end(), [](const QuarantineRow& row) {
          return row.stage == kAccessStage || row.stage == kMemoryStage;
        })) {
      return ShardState::kToBeTriedAgain;
    }
  } catch (const StoreError&) {
    return ShardState::kDamaged;
  }
  return damages(path).empty() ? ShardState::kValid : ShardState::kDamaged;
}

namespace {

ShardPlace place_of(const Hdf5File& file, const StoreHeader& header) {
  ShardPlace place{.name = file.path().filename().string(),
                   .bytes = fs::file_size(file.path()),
                   .catalogue_hash = file.text_attribute("/", "catalogue_hash"),
                   .features = {}};
  for (const Feature& feature : header.features) {
    const DatasetPlace found = file.place_of("/" + feature.name);
    place.features.push_back({found.offset, found.shape.front(), found.checksum});
  }
  return place;
}

}  // namespace

void write_index(const fs::path& store, const StoreHeader& header, std::size_t shards) {
  std::vector<StoredTrack> tracks;
  std::vector<FeatureColumns> columns(header.features.size());
  std::vector<QuarantineRow> quarantine;
  std::vector<ShardPlace> places;
  for (std::size_t shard = 0; shard < shards; ++shard) {
    const fs::path path = store / shard_name(shard);
    const Hdf5File file = Hdf5File::open(path);
    const StoreHeader found = read_header(file, "shard");
    if (found.config_hash != header.config_hash || !same_tasks(found, header) ||
        found.features != header.features) {
      throw StoreError(path.string() +
                       ": was made with another configuration or catalogue; run chorale ingest again");
    }
    std::ranges::move(read_tracks(file, header.tasks), std::back_inserter(tracks));
    for (std::size_t i = 0; i < columns.size(); ++i)
      columns[i].append(read_feature_columns(file, header.features[i]));
    std::ranges::move(read_quarantine(file), std::back_inserter(quarantine));
    places.push_back(place_of(file, header));
  }
  const fs::path path = store / kIndexName;
  Hdf5File index = Hdf5File::create(path);
  write_header(index, "index", header);
  write_tracks(index, tracks, header.tasks);
  for (std::size_t i = 0; i < columns.size(); ++i)
    write_feature_columns(index, header.features[i], columns[i]);
  write_quarantine(index, quarantine);
  write_shards(index, header.features, places);
  save(index, path);
}

}  // namespace chorale::store
