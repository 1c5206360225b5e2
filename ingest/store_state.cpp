#include "ingest/store_state.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "pipeline/comm/rank_zero.hpp"
#include "pipeline/comm/work_queue.hpp"
#include "pipeline/config/config.hpp"
#include "pipeline/runtime/log.hpp"
#include "pipeline/store/folder.hpp"

namespace chorale::ingest {
namespace fs = std::filesystem;
namespace {

const char* const kAdvice = "Give another store.path, or --rebuild to bring this store up to date.";

// Shards that a store of `shards` shards does not have.
std::vector<fs::path> surplus_shards(const fs::path& store, std::size_t shards) {
  std::set<std::string> wanted;
  for (std::size_t i = 0; i < shards; ++i) wanted.insert(store::shard_name(i));
  auto files = store::shard_files(store);
  std::erase_if(files, [&](const fs::path& file) { return wanted.contains(file.filename().string()); });
  return files;
}

void remove_shards(const fs::path& store, const std::vector<fs::path>& files) {
  if (files.empty()) return;
  fs::remove(store / store::kIndexName);
  for (const fs::path& file : files) fs::remove(file);
}

void remove_unfinished(const fs::path& store) {
  for (const auto& entry : fs::directory_iterator(store)) {
    if (entry.path().extension() == ".partial") fs::remove(entry.path());
  }
}

// Why what lies there is no store of this configuration; empty when it is, or when nothing does.
std::string why_foreign(const fs::path& store, const store::StoreHeader& header) try {
  const std::string existing = store::existing_config(store);
  const bool is_new = existing.empty() && store::shard_files(store).empty();
  if (is_new || existing == header.config_text) return "";
  // Shards none of which can be read may be anything: they are not taken for damaged ones of this store.
  if (existing.empty()) return "none of the shards there can be read";
  return fmt::format("this store was made with another configuration:\n  {}",
                     fmt::join(config::differences(header.config_text, existing), "\n  "));
} catch (const store::StoreMismatch& other_format) {
  return other_format.what();
}

}  // namespace

void clear_store(const fs::path& store, const store::StoreHeader& header, OnMismatch on_mismatch) {
  remove_unfinished(store);
  const std::string why = why_foreign(store, header);
  if (why.empty()) return;
  if (on_mismatch == OnMismatch::kRefuse) {
    throw store::StoreMismatch(fmt::format("{}: {}\n{}", store.string(), why, kAdvice));
  }
  spdlog::warn("{}: removing its shards: {}", store.string(), why);
  remove_shards(store, surplus_shards(store, 0));
}

std::vector<store::ShardState> check_shards(const comm::MpiSession& session, const fs::path& store,
                                            const store::StoreHeader& header, std::span<const Shard> shards) {
  std::string mine(shards.size(), ' ');  // one letter a shard, blank for those of the other ranks
  comm::WorkQueue queue(session, longest_first(shards));
  while (const auto i = queue.next()) {
    const auto state = store::check_shard(store, shards[*i].number, header, shards[*i].catalogue_hash);
    mine[*i] = static_cast<char>('0' + static_cast<int>(state));
    queue.poll();
  }
  if (queue.stopped()) throw runtime::Interrupted("nothing was begun; run the same command again");
  const auto parts = session.gather(mine);
  const std::string all = comm::from_rank_zero(session, [&] {
    for (const std::string& part : parts) {
      for (std::size_t i = 0; i < part.size(); ++i) mine[i] = std::max(mine[i], part[i]);
    }
    return mine;
  });
  std::vector<store::ShardState> states;
  for (const char letter : all) states.push_back(static_cast<store::ShardState>(letter - '0'));
  return states;
}

void settle_changed_collection(const fs::path& store, std::span<const store::ShardState> states,
                               OnMismatch on_mismatch) {
  const auto count = [&](store::ShardState state) {
    return static_cast<std::size_t>(std::count(states.begin(), states.end(), state));
  };
  if (const auto damaged = count(store::ShardState::kDamaged); damaged > 0) {
    spdlog::warn("{}: {} damaged shards are made anew", store.string(), damaged);
  }
  const auto surplus = surplus_shards(store, states.size());
  // An index is written last and removed first: shards it does not know are new ones of a grown collection.
  const std::size_t added = store::has_index(store) ? count(store::ShardState::kMissing) : 0;
  const std::size_t changed = count(store::ShardState::kOtherCatalogue) +
                              count(store::ShardState::kOtherConfig) + surplus.size() + added;
  if (changed == 0) return;
  if (on_mismatch == OnMismatch::kRefuse) {
    throw store::StoreMismatch(
        fmt::format("{}: the collection has changed since this store was made (files added, removed, or of "
                    "another size; arrays of other values; other classes, or other groups in "
                    "dataset.metadata): {} of its {} shards no "
                    "longer fit. {}",
                    store.string(), changed, store::shard_files(store).size() + added, kAdvice));
  }
  spdlog::warn("{}: {} shards no longer fit the collection and are made anew or removed", store.string(),
               changed);
  remove_shards(store, surplus);
}

}  // namespace chorale::ingest
