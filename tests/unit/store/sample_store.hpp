// A small store with known content.
#pragma once

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "pipeline/store/shard_writer.hpp"
#include "support/mel_store.hpp"

namespace chorale::store {

constexpr std::size_t kBins = 4;

inline StoreHeader sample_header(config::StoreType type = config::StoreType::kHalf) {
  return {
      .config_text = "[features]\nn_fft = 2048\n",
      .config_hash = "0123456789abcdef",
      .program_version = "0.1.0",
      .decoder = "libsndfile-1.2.0",
      .tasks = {{.name = "genre", .kind = config::TaskKind::kSingle, .classes = {"blues", "jazz", "ポップ"}},
                {.name = "tempo", .kind = config::TaskKind::kRegression, .classes = {}}},
      .features = {testing_support::mel_feature(kBins, type)}};
}

inline StoredTrack sample_track(std::size_t number) {
  StoredTrack row;
  row.track = {.id = "t" + std::to_string(number),
               .path = "blues/Größe ♫ " + std::to_string(number) + ".wav",
               .group = number % 2 == 0 ? "Ärtist" : "",
               .split = "",
               .labels = {dataset::Label::of_class(static_cast<std::int32_t>(number % 3)), {}}};
  row.duration = 0.5 + static_cast<double>(number);
  row.source_rate = 44100;
  row.channels = 2;
  row.source_hash = 0xfedcba9876543210U - number;
  return row;
}

// Frame f, bin b of track n; exact in half precision.
inline float sample_value(std::size_t track, std::size_t frame, std::size_t bin) {
  return -80.0F + static_cast<float>(track) + 0.25F * static_cast<float>(frame) +
         16.0F * static_cast<float>(bin);
}

inline std::vector<float> sample_mel(std::size_t track, std::size_t frames) {
  std::vector<float> mel;
  for (std::size_t frame = 0; frame < frames; ++frame) {
    for (std::size_t bin = 0; bin < kBins; ++bin) mel.push_back(sample_value(track, frame, bin));
  }
  return mel;
}

inline std::size_t sample_frames(std::size_t track) { return 3 + track % 5; }

inline std::string sample_catalogue(std::size_t shard) { return "catalogue" + std::to_string(shard); }

// Tracks [2 * shard, 2 * shard + 2) and one quarantined file.
inline void write_sample_shard(const std::filesystem::path& folder, std::size_t shard,
                               config::StoreType type = config::StoreType::kHalf) {
  ShardWriter writer(sample_header(type), shard, sample_catalogue(shard));
  for (std::size_t track = 2 * shard; track < 2 * shard + 2; ++track) {
    testing_support::add_mel(writer, sample_track(track), sample_mel(track, sample_frames(track)));
  }
  writer.quarantine({.path = "bad/noise.wav", .stage = "decode", .reason = "not audio"});
  writer.write(folder);
}

inline void write_sample_store(const std::filesystem::path& folder, std::size_t shards,
                               config::StoreType type = config::StoreType::kHalf) {
  for (std::size_t shard = 0; shard < shards; ++shard) write_sample_shard(folder, shard, type);
  write_index(folder, sample_header(type), shards);
}

}  // namespace chorale::store
