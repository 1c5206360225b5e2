#include "ingest/plan.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <numeric>

#include "ingest/packing.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/hash.hpp"

namespace chorale::ingest {
namespace {

// A file name cannot hold a null byte, so no two collections give the same text.
std::string hash_of(const Part& part) {
  std::string text;
  const auto add = [&](std::initializer_list<std::string> fields) {
    for (const std::string& field : fields) {
      text += field;
      text += '\0';
    }
  };
  for (const auto& [track, bytes, place, features, features_file, arrays_hash] : part.entries) {
    add({track.id, track.path, track.group, track.split, dataset::to_text(track.labels),
         std::to_string(bytes), fmt::format("{}", fmt::join(features, " ")), features_file.path,
         std::to_string(features_file.bytes) + (arrays_hash == 0 ? "" : " " + runtime::hex(arrays_hash))});
  }
  for (const auto& [path, stage, reason] : part.refused) add({path, stage, reason});
  return runtime::xxh3_hex(text);
}

Shard shard_of(const Part& part, std::size_t number) {
  const auto bytes = std::accumulate(part.entries.begin(), part.entries.end(), std::uint64_t{0},
                                     [](std::uint64_t sum, const auto& entry) { return sum + entry.bytes; });
  return {.number = number, .tracks = part.entries.size(), .bytes = bytes, .catalogue_hash = hash_of(part)};
}

}  // namespace

PlannedCatalogue make_plan(const catalogue::Catalogue& catalogue, std::size_t tracks_per_shard) {
  const std::span<const catalogue::Entry> all(catalogue.entries);
  PlannedCatalogue planned;
  planned.plan.tasks = catalogue.tasks;
  planned.plan.precomputed = catalogue.precomputed;
  std::vector<Shard>& shards = planned.plan.shards;
  for (std::size_t first = 0; first < all.size(); first += tracks_per_shard) {
    const auto entries = all.subspan(first, std::min(tracks_per_shard, all.size() - first));
    Part part{{entries.begin(), entries.end()}, {}};
    if (first == 0) part.refused = catalogue.refused;
    Shard& shard = shards.emplace_back(shard_of(part, shards.size()));
    const std::string packed = runtime::pack(part);
    shard.part_offset = planned.parts.size();
    shard.part_size = packed.size();
    planned.parts += packed;
  }
  return planned;
}

Part read_part(const std::filesystem::path& parts, const Shard& shard) {
  std::ifstream file(parts, std::ios::binary);
  std::string bytes(shard.part_size, '\0');
  file.seekg(static_cast<std::streamoff>(shard.part_offset));
  if (!file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) {
    throw runtime::FileError(parts.string() +
                             ": cannot be read, though this job has just written it. Is the store's folder "
                             "the same on every node?");
  }
  return runtime::unpack<Part>(bytes);
}

std::string to_text(const Plan& plan) { return runtime::pack(plan); }
Plan from_text(const std::string& text) { return runtime::unpack<Plan>(text); }

std::vector<std::size_t> longest_first(std::span<const Shard> shards) {
  std::vector<std::size_t> order(shards.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return shards[a].bytes > shards[b].bytes; });
  return order;
}

}  // namespace chorale::ingest
