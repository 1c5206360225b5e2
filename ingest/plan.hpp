// The shards of a collection: what is decoded by one rank and written as one file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ingest/catalogue/catalogue.hpp"

namespace chorale::ingest {

// What every rank knows of a shard. Its tracks are read when it is built, so that a rank's memory does not
// grow with the collection.
struct Shard {
  std::size_t number = 0;
  std::size_t tracks = 0;   // as listed; decoding tells which can be used
  std::uint64_t bytes = 0;  // of all its files
  // Of the ids, paths, sizes, groups and labels of its files; of arrays and features also of their values.
  std::string catalogue_hash;
  std::uint64_t part_offset = 0, part_size = 0;  // of its part of the catalogue, in bytes
};

// One shard's tracks.
struct Part {
  std::vector<catalogue::Entry> entries;
  std::vector<catalogue::Refused> refused;  // they go to quarantine
};

struct Plan {
  std::vector<dataset::Task> tasks;
  std::vector<Shard> shards;
  std::optional<catalogue::Precomputed> precomputed;
};

struct PlannedCatalogue {
  Plan plan;
  std::string parts;  // the catalogue, shard by shard: what read_part() reads
};

// Shard i holds tracks [i * tracks_per_shard, (i + 1) * tracks_per_shard) of the catalogue, the first one
// also what was refused.
PlannedCatalogue make_plan(const catalogue::Catalogue& catalogue, std::size_t tracks_per_shard);

// One shard's part of the catalogue, from a file of PlannedCatalogue::parts. Throws runtime::FileError.
Part read_part(const std::filesystem::path& parts, const Shard& shard);

// As text that every rank can read back.
std::string to_text(const Plan& plan);
Plan from_text(const std::string& text);

// The shards in the order to hand them out: most bytes first, so that none of the last ones is long.
std::vector<std::size_t> longest_first(std::span<const Shard> shards);

}  // namespace chorale::ingest
