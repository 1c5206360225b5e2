// The tables and attributes of a store's files, each column declared once for writing and for reading.
// docs/store-format.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "pipeline/store/hdf5.hpp"
#include "pipeline/store/shard_writer.hpp"

namespace chorale::store {

inline constexpr std::int64_t kFormatVersion = 2;

// Root attributes. `kind` is "shard" or "index".
void write_header(Hdf5File& file, const std::string& kind, const StoreHeader& header);
// Throws StoreMismatch for another format version, StoreError for a file that is not of this kind.
StoreHeader read_header(const Hdf5File& file, const std::string& kind);

// The same tasks with the same classes, in the same order: labels mean the same.
bool same_tasks(const StoreHeader& a, const StoreHeader& b);

void write_tracks(Hdf5File& file, std::span<const StoredTrack> tracks,
                  const std::vector<dataset::Task>& tasks);
std::vector<StoredTrack> read_tracks(const Hdf5File& file, const std::vector<dataset::Task>& tasks);

void write_quarantine(Hdf5File& file, std::span<const QuarantineRow> rows);
std::vector<QuarantineRow> read_quarantine(const Hdf5File& file);

// The index's table of shards.
void write_shards(Hdf5File& file, std::span<const Feature> features, std::span<const ShardPlace> shards);
std::vector<ShardPlace> read_shards(const Hdf5File& file, std::span<const Feature> features);

// Ends the writing of `file` and replaces `path` by it in one step. Throws StoreError: disk full (what,
// where, what to do).
void save(Hdf5File& file, const std::filesystem::path& path);

}  // namespace chorale::store
