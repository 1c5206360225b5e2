#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "pipeline/inspect/describe.hpp"
#include "pipeline/store/checksums.hpp"
#include "pipeline/store/folder.hpp"
#include "pipeline/store/store.hpp"

namespace chorale::inspect {
namespace {

using Json = nlohmann::ordered_json;
using store::Store;
using store::StoredTrack;

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
  for (const auto& row : store.tracks()) {
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
  for (const auto& row : store.tracks()) parts[row.track.split].add(row);
  Json table = Json::array();
  if (parts.size() == 1 && parts.begin()->first.empty()) return table;
  for (const auto& [name, tally] : parts) table.push_back(tally_row(name.empty() ? "(none)" : name, tally));
  return table;
}

Json duration_table(const Store& store) {
  constexpr std::array kEdges = {0, 1, 3, 5, 10, 20, 29, 31, 60, 120, 300, 600, 1800, 3600};
  std::array<std::size_t, kEdges.size()> counts = {};
  for (const auto& row : store.tracks()) {
    const auto above = std::upper_bound(kEdges.begin() + 1, kEdges.end(), row.duration);
    ++counts[static_cast<std::size_t>(above - kEdges.begin()) - 1];
  }
  Json table = Json::array();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    const double share = static_cast<double>(counts[i]) / static_cast<double>(store.tracks().size());
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

Json shard_table(const Store& store) {
  std::vector<std::size_t> tracks(store.shards().size());
  for (const auto& row : store.tracks()) ++tracks[row.shard];
  Json table = Json::array();
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    const auto& shard = store.shards()[i];
    table.push_back(
        {{"name", shard.name}, {"tracks", tracks[i]}, {"frames", shard.mel_frames}, {"bytes", shard.bytes}});
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

Json describe_complete(const Store& store) {
  Tally all;
  for (const auto& row : store.tracks()) all.add(row);
  const auto& shards = store.shards();
  const auto bytes = std::accumulate(shards.begin(), shards.end(), std::uint64_t{0},
                                     [](std::uint64_t sum, const auto& shard) { return sum + shard.bytes; });
  const std::string type = store.mel_type() == config::StoreType::kHalf ? "half" : "float";
  return {{"kind", "store"},
          {"path", store.path().string()},
          {"complete", true},
          {"tracks", all.tracks},
          {"groups", all.groups.size()},
          {"hours", hours(all.seconds)},
          {"quarantined", store.quarantine().size()},
          {"mel", std::to_string(store.mel_bins()) + " bins, " + type},
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
  description["shards"] = shard_table(store);
  description["config"] = store.config_text();
  return description;
}

}  // namespace chorale::inspect
