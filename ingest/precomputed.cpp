#include "ingest/precomputed.hpp"

#include <fmt/format.h>

#include "ingest/tables/npy.hpp"

namespace chorale::ingest {

std::vector<store::Feature> describe_precomputed(const catalogue::Precomputed& precomputed,
                                                 config::StoreType type) {
  std::vector<store::Feature> features;
  if (precomputed.bins > 0) {
    features.push_back({.name = "spectrogram",
                        .kind = store::FeatureKind::kFrames,
                        .width = precomputed.bins,
                        .type = type});
  }
  if (precomputed.width > 0) {
    features.push_back({.name = "table",
                        .kind = store::FeatureKind::kTrack,
                        .width = precomputed.width,
                        .columns = precomputed.columns});
  }
  return features;
}

std::span<const std::span<const float>> PrecomputedReader::read(const catalogue::Entry& entry) {
  const auto& [bins, width, columns] = precomputed_;
  const tree::Entry file = {entry.track.path, entry.bytes, entry.place};
  source_hash_ = 0;
  frames_ = 0;
  values_.clear();
  const bool beside = !entry.features_file.path.empty();
  if (width > 0) {
    const bool from_file = entry.features.empty();
    table_ = from_file ? array(beside ? entry.features_file : file, width, "numbers") : entry.features;
    if (table_.size() != width)
      throw runtime::Error(fmt::format("has {} numbers where the first track has {}", table_.size(), width));
  }
  if (bins > 0) {
    spectrogram_ = array(file, bins, "bins");
    frames_ = spectrogram_.size() / bins;
    values_.emplace_back(spectrogram_);
  }
  if (width > 0) values_.emplace_back(table_);
  return values_;
}

std::vector<float> PrecomputedReader::array(const tree::Entry& file, std::size_t width, const char* what) {
  const auto stream = tree_.open(file);
  std::string bytes(stream->size(), '\0');
  bytes.resize(stream->read_at(0, std::as_writable_bytes(std::span(bytes))));
  auto [rows, columns, values] = tables::parse_npy(bytes);
  if (columns != width)
    throw runtime::Error(
        fmt::format("{}: has {} {} where the first array has {}", file.path, columns, what, width));
  source_hash_ = tree::content_hash(*stream);
  return std::move(values);
}

}  // namespace chorale::ingest
