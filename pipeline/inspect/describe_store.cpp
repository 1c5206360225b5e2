#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "pipeline/inspect/describe.hpp"
#include "pipeline/samples/parts.hpp"
#include "pipeline/store/checksums.hpp"
#include "pipeline/store/folder.hpp"
#include "pipeline/store/store.hpp"

namespace chorale::inspect {
namespace {

using Json = nlohmann::ordered_json;
using store::Store;
using store::StoredTrack;

// The tracks that are recordings; variants of them are counted apart.
std::vector<std::reference_wrapper<const StoredTrack>> recordings(const Store& store) {
  std::vector<std::reference_wrapper<const StoredTrack>> result;
  for (const StoredTrack& row : store.tracks()) {
    if (row.track.variant.empty()) result.emplace_back(row);
  }
  return result;
}

double rounded(double value, double step) { return std::round(value / step) * step; }
double hours(double seconds) { return rounded(seconds / 3600.0, 0.001); }

// Tracks that have something in common.
struct Tally {
  std::size_t tracks = 0;
  std::set<std::string> groups;
  double seconds = 0;

  void add(const StoredTrack& row) {
    ++tracks;
    groups.insert(row.track.group);
    seconds += row.duration;
  }
};

Json tally_row(const std::string& name, const Tally& tally) {
  return {{"name", name},
          {"tracks", tally.tracks},
          {"groups", tally.groups.size()},
          {"hours", hours(tally.seconds)}};
}

// One row a class, in stored order; tracks without a label last.
Json class_table(const Store& store, std::size_t task) {
  const auto& classes = store.tasks()[task].classes;
  std::vector<Tally> tallies(classes.size() + 1);
  for (const StoredTrack& row : recordings(store)) {
    const auto& label = row.track.labels[task];
    if (!label.known) tallies.back().add(row);
    for (const std::int32_t index : label.classes) tallies[static_cast<std::size_t>(index)].add(row);
  }
  Json table = Json::array();
  for (std::size_t i = 0; i < classes.size(); ++i) table.push_back(tally_row(classes[i], tallies[i]));
  if (tallies.back().tracks > 0) table.push_back(tally_row("(no label)", tallies.back()));
  return table;
}

// The collection's own parts or folds; empty when it has none.
Json split_table(const Store& store) {
  std::map<std::string, Tally> parts;
  for (const StoredTrack& row : recordings(store)) parts[row.track.split].add(row);
  Json table = Json::array();
  if (parts.size() == 1 && parts.begin()->first.empty()) return table;
  for (const auto& [name, tally] : parts) table.push_back(tally_row(name.empty() ? "(none)" : name, tally));
  return table;
}

Json duration_table(const Store& store) {
  constexpr std::array kEdges = {0, 1, 3, 5, 10, 20, 29, 31, 60, 120, 300, 600, 1800, 3600};
  std::array<std::size_t, kEdges.size()> counts = {};
  std::size_t all = 0;
  for (const StoredTrack& row : recordings(store)) {
    ++all;
    const auto above = std::upper_bound(kEdges.begin() + 1, kEdges.end(), row.duration);
    ++counts[static_cast<std::size_t>(above - kEdges.begin()) - 1];
  }
  Json table = Json::array();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    const double share = static_cast<double>(counts[i]) / static_cast<double>(all);
    const std::string end = i + 1 < kEdges.size() ? " to " + std::to_string(kEdges[i + 1]) : " and more";
    table.push_back({{"seconds", std::to_string(kEdges[i]) + end},
                     {"tracks", counts[i]},
                     {"percent", rounded(100.0 * share, 0.1)}});
  }
  return table;
}

Json quarantine_table(const Store& store) {
  Json table = Json::array();
  for (const auto& row : store.quarantine()) {
    table.push_back({{"path", row.path}, {"stage", row.stage}, {"reason", row.reason}});
  }
  return table;
}

// Tracks whose audio files are the same, byte for byte.
Json copy_table(const Store& store) {
  Json table = Json::array();
  for (const auto& set : samples::find_copies(store)) {
    std::string ids;
    std::set<std::string> groups;
    const auto& first = store.tracks()[set.front()].track;
    bool same_labels = true;
    for (const std::size_t t : set) {
      const auto& track = store.tracks()[t].track;
      ids += (ids.empty() ? "" : ", ") + track.id;
      groups.insert(dataset::group_name(track));
      same_labels = same_labels && track.labels == first.labels;
    }
    table.push_back(
        {{"tracks", ids}, {"groups", groups.size()}, {"labels", same_labels ? "same" : "different"}});
  }
  return table;
}

Json shard_table(const Store& store) {
  std::vector<std::uint64_t> tracks(store.shards().size()), frames(store.shards().size());
  for (const auto& row : store.tracks()) {
    ++tracks[row.shard];
    frames[row.shard] += row.frame_count;
  }
  Json table = Json::array();
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    const auto& shard = store.shards()[i];
    table.push_back(
        {{"name", shard.name}, {"tracks", tracks[i]}, {"frames", frames[i]}, {"bytes", shard.bytes}});
  }
  return table;
}

Json describe_incomplete(const std::filesystem::path& path, Checksums checksums) {
  const auto shards = store::shard_files(path);
  Json description = {{"kind", "store"},
                      {"path", path.string()},
                      {"complete", false},
                      {"finished_shards", shards.size()},
                      {"next", "run chorale ingest again: it continues where it stopped"}};
  if (checksums == Checksums::kVerify) {
    std::vector<std::string> found;
    for (const auto& shard : shards) std::ranges::move(store::damages(shard), std::back_inserter(found));
    description["damages"] = found;
  }
  description["config"] = store::existing_config(path);
  return description;
}

// "mel: 128 bins a frame in dB, half"
std::vector<std::string> feature_texts(const Store& store) {
  std::vector<std::string> texts;
  for (const auto& feature : store.features()) {
    const std::string width = std::to_string(feature.width);
    const std::string type = feature.type == config::StoreType::kHalf ? "half" : "float";
    const bool decibels = feature.scale == store::FeatureScale::kDecibel;
    switch (feature.kind) {
      case store::FeatureKind::kFrames:
        texts.push_back(
            fmt::format("{}: {} bins a frame{}, {}", feature.name, width, decibels ? " in dB" : "", type));
        break;
      case store::FeatureKind::kTrack:
        texts.push_back(feature.name + ": " + width + " numbers a track");
        break;
      case store::FeatureKind::kEvents:
        texts.push_back(feature.name + ": frame numbers");
        break;
    }
  }
  return texts;
}

Json describe_complete(const Store& store) {
  Tally all;
  for (const StoredTrack& row : recordings(store)) all.add(row);
  const auto& shards = store.shards();
  const auto bytes = std::accumulate(shards.begin(), shards.end(), std::uint64_t{0},
                                     [](std::uint64_t sum, const auto& shard) { return sum + shard.bytes; });
  return {{"kind", "store"},
          {"path", store.path().string()},
          {"complete", true},
          {"tracks", all.tracks},
          {"variants", store.tracks().size() - all.tracks},
          {"groups", all.groups.size()},
          {"hours", hours(all.seconds)},
          {"quarantined", store.quarantine().size()},
          {"features", feature_texts(store)},
          {"shard_files", shards.size()},
          {"bytes", bytes},
          {"config_hash", store.config_hash()},
          {"program_version", store.program_version()},
          {"decoder", store.decoder()}};
}

}  // namespace

Json describe_store(const std::filesystem::path& path, Checksums checksums) {
  if (!store::has_index(path)) return describe_incomplete(path, checksums);
  const Store store = Store::open(path);
  Json description = describe_complete(store);
  if (checksums == Checksums::kVerify) description["damages"] = store.verify();
  for (std::size_t task = 0; task < store.tasks().size(); ++task) {
    const auto& [name, kind, classes] = store.tasks()[task];
    if (!classes.empty()) description["classes"][name] = class_table(store, task);
  }
  if (Json parts = split_table(store); !parts.empty()) description["splits"] = std::move(parts);
  description["durations"] = duration_table(store);
  description["quarantine"] = quarantine_table(store);
  if (Json copies = copy_table(store); !copies.empty()) description["copies"] = std::move(copies);
  description["shards"] = shard_table(store);
  description["config"] = store.config_text();
  return description;
}

}  // namespace chorale::inspect
