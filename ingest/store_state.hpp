// What former jobs have left in a store, and what of it still fits.
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "ingest/plan.hpp"
#include "pipeline/comm/mpi.hpp"
#include "pipeline/store/shard_writer.hpp"

namespace chorale::ingest {

enum class OnMismatch { kRefuse, kRebuild };

// Rank 0, with the store locked. Throws StoreMismatch when the store was made with another configuration
// (lists the keys that differ); with kRebuild removes all of it instead. Removes what killed jobs left
// unfinished.
void clear_store(const std::filesystem::path& store, const store::StoreHeader& header,
                 OnMismatch on_mismatch);

// The state of each shard; every rank checks its part of them. Collective. Throws Interrupted.
std::vector<store::ShardState> check_shards(const comm::MpiSession& session,
                                            const std::filesystem::path& store,
                                            const store::StoreHeader& header, std::span<const Shard> shards);

// Rank 0. Throws StoreMismatch when shards were made from other files than the collection has now; with
// kRebuild removes those that the collection has no more.
void settle_changed_collection(const std::filesystem::path& store, std::span<const store::ShardState> states,
                               OnMismatch on_mismatch);

}  // namespace chorale::ingest
