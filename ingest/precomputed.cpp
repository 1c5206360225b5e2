#include "ingest/precomputed.hpp"

#include <fmt/format.h>

#include "ingest/catalogue/precomputed.hpp"
#include "ingest/tables/npy.hpp"

namespace chorale::ingest {
namespace {

const char* const kMostArrays = "most of the collection's first arrays have";

}  // namespace

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
  const auto files = catalogue::array_files(precomputed_, entry);
  source_hash_ = 0;
  frames_ = 0;
  values_.clear();
  if (width > 0) {
    const char* const origin = columns.empty() ? kMostArrays : "the tables of features have";
    table_ = entry.features.empty() ? array(files.back(), {width, "numbers", origin}) : entry.features;
  }
  if (bins > 0) {
    spectrogram_ = array(files.front(), {bins, "bins", kMostArrays});
    frames_ = spectrogram_.size() / bins;
    values_.emplace_back(spectrogram_);
  }
  if (width > 0) values_.emplace_back(table_);
  return values_;
}

std::vector<float> PrecomputedReader::array(const tree::Entry& file, const Expected& expected) {
  const auto stream = tree_.open(file);
  std::string bytes(stream->size(), '\0');
  bytes.resize(stream->read_at(0, std::as_writable_bytes(std::span(bytes))));
  auto [rows, columns, values] = tables::parse_npy(bytes);
  if (columns != expected.width)
    throw runtime::Error(fmt::format("{}: has {} {}, expected {}, as {}", file.path, columns, expected.what,
                                     expected.width, expected.origin));
  source_hash_ = tree::content_hash(*stream);
  return std::move(values);
}

}  // namespace chorale::ingest
