// Reading a store: the index through HDF5 once, samples by mmap at offsets that HDF5 gave.
// docs/store-format.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/config/experiment.hpp"
#include "pipeline/dataset/track.hpp"
#include "pipeline/store/error.hpp"
#include "pipeline/store/feature.hpp"

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
};

// `count` rows of a representation as they are stored, as floats into out[count * width].
void decode_frames(const Feature& feature, const std::byte* stored, std::uint64_t count, float* out);

// A shard as the index knows it.
struct ShardPlace {
  std::string name;         // "shard-00012.h5"
  std::uint64_t bytes = 0;  // size of the file
  std::string catalogue_hash;
  struct Place {
    std::uint64_t offset = 0;  // of the dataset's first byte in the file
    std::uint64_t rows = 0;
    std::string checksum;
  };
  std::vector<Place> features;  // one a feature of the store
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

  // What is stored of every track. Features are named by their index below.
  const std::vector<Feature>& features() const;
  // Throws StoreMismatch, which lists what the store has, when it has no feature of this name and kind.
  std::size_t feature(std::string_view name, FeatureKind kind) const;

  // All reads: thread safe, no HDF5 call; a shard is mapped when it is first read from. Throw StoreError when
  // it is gone or has another size than it had.
  // Frames [first, first + count) of a representation, time-major, into out[count * width]. Precondition:
  // first + count <= frame_count.
  void read_frames(std::size_t feature, std::size_t track, std::uint64_t first, std::uint64_t count,
                   float* out) const;
  // All frames of a track as they are stored: numbers of Feature::type, little endian, at any address. Valid
  // as long as the store is open.
  std::span<const std::byte> frame_bytes(std::size_t feature, std::size_t track) const;
  // A track's vector, into out[width].
  void read_vector(std::size_t feature, std::size_t track, float* out) const;
  // A track's events: frame numbers, ascending.
  std::vector<std::uint32_t> read_events(std::size_t feature, std::size_t track) const;
  // Largest value of a track in a representation in decibels, before rounding to half.
  float maximum(std::size_t feature, std::size_t track) const;

  // Recomputes the checksum of every dataset of the index and of every shard; one line a damage, naming file
  // and dataset, empty when all is well.
  std::vector<std::string> verify() const;

 private:
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  static void check(Impl& impl, const std::filesystem::path& index);
  std::vector<std::string> differences_from_index(const std::filesystem::path& shard,
                                                  const ShardPlace& place) const;
  std::unique_ptr<Impl> impl_;
};

}  // namespace chorale::store
