// Writing one shard, and the index when all shards are there.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "pipeline/store/feature_buffer.hpp"
#include "pipeline/store/folder.hpp"
#include "pipeline/store/store.hpp"

namespace chorale::store {

// What is the same in all shards of a store.
struct StoreHeader {
  std::string config_text, config_hash, program_version;
  std::string decoder = {};  // library and version: lossy formats differ from one to another in the last bit
  std::vector<dataset::Task> tasks;
  std::vector<Feature> features;
};

// A shard in memory until it is written whole. Tracks are added in catalogue order.
class ShardWriter {
 public:
  // `catalogue_hash` identifies the files the shard was made from (ids, paths, sizes, labels).
  ShardWriter(StoreHeader header, std::size_t shard, std::string catalogue_hash);

  // `values` are those of each feature of the header: [frames, width], [width], or frame numbers. Sets shard,
  // frame_offset and frame_count of `track`. Throws StoreError, and adds nothing, when values cannot be
  // stored or the representations differ in their frames.
  void add(StoredTrack track, std::span<const std::span<const float>> values);
  void quarantine(QuarantineRow row);

  // .partial, fsync, rename, fsync of the folder. Removes an index that was made from the former shard.
  // Throws StoreError (disk full: what, where, what to do) and leaves nothing behind.
  void write(const std::filesystem::path& store) const;

 private:
  StoreHeader header_;
  std::size_t shard_;
  std::uint64_t frames_ = 0;
  std::string catalogue_hash_;
  std::vector<StoredTrack> tracks_;
  std::vector<QuarantineRow> quarantine_;
  std::vector<FeatureBuffer> features_;
};

// Stages of quarantine rows that say something of the user or the machine, not of the file: a job that checks
// a shard with such rows makes it anew.
inline constexpr const char* kAccessStage = "access";
inline constexpr const char* kMemoryStage = "memory";

enum class ShardState { kMissing, kValid, kToBeTriedAgain, kOtherConfig, kOtherCatalogue, kDamaged };

// Looks at a shard that a former job may have written; reads all of it to compare checksums. A shard whose
// tasks or classes differ is of another catalogue. Throws StoreMismatch for another format version.
ShardState check_shard(const std::filesystem::path& store, std::size_t shard, const StoreHeader& header,
                       const std::string& catalogue_hash);

// index.h5 from `shards` complete shards: all /tracks rows, the quarantine, the place of each feature.
// Replaces a former index in one step. Throws StoreError: a shard is missing, damaged or of another
// configuration.
void write_index(const std::filesystem::path& store, const StoreHeader& header, std::size_t shards);

}  // namespace chorale::store
