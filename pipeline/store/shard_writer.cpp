#include "pipeline/store/shard_writer.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "pipeline/store/checksums.hpp"
#include "pipeline/store/half.hpp"
#include "pipeline/store/tables.hpp"

namespace chorale::store {
namespace fs = std::filesystem;
ShardWriter::ShardWriter(StoreHeader header, std::size_t shard, std::string catalogue_hash)
    : header_(std::move(header)), shard_(shard), catalogue_hash_(std::move(catalogue_hash)) {}

void ShardWriter::add(StoredTrack track, std::span<const float> mel) {
  if (mel.empty() || !std::all_of(mel.begin(), mel.end(), [](float value) { return std::isfinite(value); })) {
    throw StoreError(track.track.path + ": its mel spectrogram is empty or holds NaN or infinity");
  }
  track.shard = static_cast<std::uint32_t>(shard_);
  track.frame_offset = frames_;
  track.frame_count = mel.size() / header_.mel_bins;
  track.mel_max = *std::max_element(mel.begin(), mel.end());
  frames_ += track.frame_count;
  if (header_.dtype == config::StoreType::kHalf) {
    const std::size_t end = mel_f16_.size();
    mel_f16_.resize(end + mel.size());
    halves_from_floats(mel, mel_f16_.data() + end);
  } else {
    mel_f32_.insert(mel_f32_.end(), mel.begin(), mel.end());
  }
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
  const std::uint64_t shape[] = {frames_, header_.mel_bins};
  if (header_.dtype == config::StoreType::kHalf) {
    file.write_dataset("/mel", ElementType::kHalf, shape, mel_f16_.data());
  } else {
    file.write_dataset("/mel", ElementType::kFloat, shape, mel_f32_.data());
  }
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
    if (!same_tasks(found, header) || file.text_attribute("/", "catalogue_hash") != catalogue_hash ||
        file.integer_attribute("/", "shard") != static_cast<std::int64_t>(shard)) {
      return ShardState::kOtherCatalogue;
    }
  } catch (const StoreError&) {
    return ShardState::kDamaged;
  }
  return damages(path).empty() ? ShardState::kValid : ShardState::kDamaged;
}

void write_index(const fs::path& store, const StoreHeader& header, std::size_t shards) {
  std::vector<StoredTrack> tracks;
  std::vector<QuarantineRow> quarantine;
  std::vector<ShardPlace> places;
  for (std::size_t shard = 0; shard < shards; ++shard) {
    const fs::path path = store / shard_name(shard);
    const Hdf5File file = Hdf5File::open(path);
    const StoreHeader found = read_header(file, "shard");
    if (found.config_hash != header.config_hash || !same_tasks(found, header)) {
      throw StoreError(path.string() +
                       ": was made with another configuration or catalogue; run chorale ingest again");
    }
    std::ranges::move(read_tracks(file, header.tasks), std::back_inserter(tracks));
    std::ranges::move(read_quarantine(file), std::back_inserter(quarantine));
    const DatasetPlace mel = file.place_of("/mel");
    places.push_back({.name = shard_name(shard),
                      .bytes = fs::file_size(path),
                      .catalogue_hash = file.text_attribute("/", "catalogue_hash"),
                      .mel_offset = mel.offset,
                      .mel_frames = mel.shape.front(),
                      .mel_checksum = mel.checksum});
  }
  const fs::path path = store / kIndexName;
  Hdf5File index = Hdf5File::create(path);
  write_header(index, "index", header);
  write_tracks(index, tracks, header.tasks);
  write_quarantine(index, quarantine);
  write_shards(index, places);
  save(index, path);
}

}  // namespace chorale::store
