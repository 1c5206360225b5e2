// A real store with tracks of given lengths. Values are whole dB, so that they are exact in half precision.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "pipeline/store/shard_writer.hpp"
#include "support/mel_store.hpp"

namespace chorale::samples {

constexpr std::size_t kBins = 3;

// Frame f, bin b of track t: -20 - t - (f mod 50) - 10 b.
inline float value_of(std::size_t track, std::size_t frame, std::size_t bin) {
  return -20.0F - static_cast<float>(track + frame % 50 + 10 * bin);
}

inline float max_of(std::size_t track) { return value_of(track, 0, 0); }

// One shard; the label of track t is t mod 2.
inline store::Store make_store(const std::filesystem::path& folder, const std::vector<std::size_t>& lengths) {
  const store::StoreHeader header{.config_text = "[features]\n",
                                  .config_hash = "0123456789abcdef",
                                  .program_version = "0.1.0",
                                  .tasks = {{"genre", config::TaskKind::kSingle, {"blues", "rock"}}},
                                  .features = {testing_support::mel_feature(kBins)}};
  store::ShardWriter writer(header, 0, "catalogue");
  for (std::size_t track = 0; track < lengths.size(); ++track) {
    std::vector<float> mel;
    for (std::size_t i = 0; i < lengths[track] * kBins; ++i)
      mel.push_back(value_of(track, i / kBins, i % kBins));
    store::StoredTrack row;
    row.track.id = row.track.path = std::to_string(track);
    row.track.labels = {dataset::Label::of_class(static_cast<std::int32_t>(track % 2))};
    testing_support::add_mel(writer, row, mel);
  }
  writer.write(folder);
  store::write_index(folder, header, 1);
  return store::Store::open(folder);
}

}  // namespace chorale::samples
