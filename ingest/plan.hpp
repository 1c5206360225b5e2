// The shards of a collection: what is decoded by one rank and written as one file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ingest/catalogue/catalogue.hpp"

namespace chorale::ingest {

struct Shard {
  std::size_t number = 0;
  std::span<const catalogue::Entry> entries;
  std::span<const tree::Refused> refused;  // of the whole collection, in the first shard
  std::uint64_t bytes = 0;                 // of all its files
  std::string catalogue_hash;              // of the ids, paths, sizes, groups and labels of its files
};

// Shard i holds entries [i * tracks_per_shard, (i + 1) * tracks_per_shard). `catalogue` must outlive the
// result.
std::vector<Shard> plan_shards(const catalogue::Catalogue& catalogue, std::size_t tracks_per_shard);

// The shards in the order to hand them out: most bytes first, so that none of the last ones is long.
std::vector<std::size_t> longest_first(std::span<const Shard> shards);

}  // namespace chorale::ingest
