#include "ingest/plan.hpp"

#include <algorithm>
#include <numeric>

#include "pipeline/runtime/hash.hpp"

namespace chorale::ingest {
namespace {

// A file name cannot hold a null byte, so no two collections give the same text.
std::string hash_of(std::span<const catalogue::Entry> entries, std::span<const tree::Refused> refused) {
  std::string text;
  const auto add = [&](std::initializer_list<std::string> fields) {
    for (const std::string& field : fields) {
      text += field;
      text += '\0';
    }
  };
  for (const auto& [track, bytes, place] : entries) {
    add({track.id, track.path, track.group, track.split, dataset::to_text(track.labels),
         std::to_string(bytes)});
  }
  for (const auto& [path, reason] : refused) add({path, reason});
  return runtime::xxh3_hex(text);
}

}  // namespace

std::vector<Shard> plan_shards(const catalogue::Catalogue& catalogue, std::size_t tracks_per_shard) {
  const std::span<const catalogue::Entry> all(catalogue.entries);
  std::vector<Shard> shards;
  for (std::size_t first = 0; first < all.size(); first += tracks_per_shard) {
    const auto entries = all.subspan(first, std::min(tracks_per_shard, all.size() - first));
    const auto bytes =
        std::accumulate(entries.begin(), entries.end(), std::uint64_t{0},
                        [](std::uint64_t sum, const auto& entry) { return sum + entry.bytes; });
    const auto refused = shards.empty() ? std::span(catalogue.refused) : std::span<const tree::Refused>();
    shards.push_back({shards.size(), entries, refused, bytes, hash_of(entries, refused)});
  }
  return shards;
}

std::vector<std::size_t> longest_first(std::span<const Shard> shards) {
  std::vector<std::size_t> order(shards.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return shards[a].bytes > shards[b].bytes; });
  return order;
}

}  // namespace chorale::ingest
