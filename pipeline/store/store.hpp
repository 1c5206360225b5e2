// Reading a store: the index through HDF5 once, samples by mmap at offsets that HDF5 gave.
// docs/store-format.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "pipeline/config/experiment.hpp"
#include "pipeline/dataset/track.hpp"
#include "pipeline/store/error.hpp"

namespace chorale::store {

struct QuarantineRow {
  std::string path, stage, reason;
};

// One row of /tracks.
struct StoredTrack {
  dataset::Track track;
  double duration = 0;            // seconds, as decoded
  std::int32_t source_rate = 0;   // Hz
  std::int32_t channels = 0;      // of the source
  std::uint64_t source_hash = 0;  // xxh3 of the file
  std::uint32_t shard = 0;
  std::uint64_t frame_offset = 0;  // first row in the shard's [frames, bins] datasets
  std::uint64_t frame_count = 0;
  float mel_max = 0;  // dB, the reference of ref=max
};

// A shard as the index knows it.
struct ShardPlace {
  std::string name;         // "shard-00012.h5"
  std::uint64_t bytes = 0;  // size of the file
  std::string catalogue_hash;
  std::uint64_t mel_offset = 0;  // of the first byte of /mel in the file
  std::uint64_t mel_frames = 0;
  std::string mel_checksum;
};

// An open, complete store. Movable; safe to read from many threads.
class Store {
 public:
  // Throws StoreError: no store there, incomplete ("run chorale ingest"), damaged (index, or a shard of
  // another size than it had); StoreMismatch: a format version this program does not read.
  static Store open(const std::filesystem::path& path);
  ~Store();
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;

  const std::filesystem::path& path() const;
  const std::string& config_text() const;  // resolved_store() of the configuration that made it
  const std::string& config_hash() const;
  const std::string& program_version() const;
  const std::string& decoder() const;  // "libsndfile-1.2.0"
  const std::vector<dataset::Task>& tasks() const;
  const std::vector<StoredTrack>& tracks() const;
  const std::vector<QuarantineRow>& quarantine() const;
  const std::vector<ShardPlace>& shards() const;
  std::size_t mel_bins() const;
  config::StoreType mel_type() const;

  // Frames [first, first + count) of a track's mel in dB (ref 1.0, no floor), time-major, into out[count *
  // bins]. Thread safe, no HDF5 call. Precondition: first + count <= frame_count.
  void read_mel(std::size_t track, std::uint64_t first, std::uint64_t count, float* out) const;

  // Recomputes the checksum of every dataset of the index and of every shard; one line a damage, naming file
  // and dataset, empty when all is well.
  std::vector<std::string> verify() const;

 private:
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace chorale::store
