#include "ingest/ingest.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>

#include "ingest/audio/sound_file.hpp"
#include "ingest/audio_options.hpp"
#include "ingest/features/extractor.hpp"
#include "ingest/precomputed.hpp"
#include "ingest/shard_builder.hpp"
#include "ingest/summary.hpp"
#include "ingest/variants.hpp"
#include "pipeline/cli/program.hpp"
#include "pipeline/comm/rank_zero.hpp"
#include "pipeline/comm/work_queue.hpp"
#include "pipeline/config/config.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/folder_lock.hpp"
#include "pipeline/runtime/log.hpp"
#include "pipeline/runtime/progress.hpp"
#include "pipeline/store/store.hpp"

namespace chorale::ingest {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kPartsName = "catalogue.partial";

// The catalogue shard by shard, in the store's folder as long as the job runs. On rank 0.
class PartsFile {
 public:
  PartsFile(const fs::path& store, std::string_view parts) : path_(store / kPartsName) {
    runtime::write_file(path_, parts);
  }
  ~PartsFile() {
    std::error_code ignored;
    if (!kept_) fs::remove(path_, ignored);
  }
  PartsFile(const PartsFile&) = delete;
  PartsFile& operator=(const PartsFile&) = delete;

  // For a job that is stopped: another rank may be about to read it. The next job removes it.
  void keep() { kept_ = true; }

 private:
  fs::path path_;
  bool kept_ = false;
};

// `extractor`: none where the plan has precomputed entries.
store::StoreHeader make_header(const config::Experiment& experiment, const Plan& plan,
                               const features::Extractor* extractor) {
  const auto& precomputed = plan.precomputed;
  return {.config_text = config::resolved_store(experiment),
          .config_hash = config::store_hash(experiment),
          .program_version = cli::kVersion,
          .decoder = audio::decoder_name(),
          .tasks = plan.tasks,
          .features = precomputed ? describe_precomputed(*precomputed, experiment.store.dtype)
                                  : extractor->features()};
}

void refuse_audio_settings(const config::Experiment& experiment) {
  if (make_variants(experiment.augment).empty()) return;
  throw runtime::UsageError(
      "augment.*: the manifest points at spectrograms or features, so there is no audio to make variants of");
}

runtime::FolderLock lock_store(const comm::MpiSession& session, const fs::path& store) {
  std::optional<runtime::FolderLock> lock;
  comm::from_rank_zero(session, [&] {
    fs::create_directories(store);
    lock.emplace(runtime::FolderLock::acquire(store));
    return std::string();
  });
  return lock ? std::move(*lock) : runtime::FolderLock::join(store);
}

// Rank 0's line: tracks of all ranks, and how fast the audio goes by.
class BuildProgress {
 public:
  BuildProgress(const comm::MpiSession& session, std::span<const Shard> shards)
      : progress_("ingest", count_tracks(shards), "tracks", session.rank() != 0) {}

  void update(comm::Tally total) {
    const double elapsed = std::chrono::duration<double>(Clock::now() - start_).count();
    progress_.update(static_cast<std::uint64_t>(total.tracks),
                     fmt::format("{:.0f} times real time", total.seconds / std::max(elapsed, 1e-9)));
  }

 private:
  static std::uint64_t count_tracks(std::span<const Shard> shards) {
    std::uint64_t tracks = 0;
    for (const Shard& shard : shards) tracks += shard.tracks;
    return tracks;
  }

  Clock::time_point start_ = Clock::now();
  runtime::Progress progress_;
};

void build_shards(const comm::MpiSession& session, const config::Experiment& experiment,
                  const store::StoreHeader& header, std::unique_ptr<features::Extractor> extractor,
                  const Plan& plan, std::span<const Shard> shards) {
  ShardBuilder builder(experiment, header, std::move(extractor), plan.precomputed);
  comm::WorkQueue queue(session, longest_first(shards));
  BuildProgress progress(session, shards);
  comm::Tally mine;
  const auto after_track = [&](double seconds) {
    mine.tracks += 1;
    mine.seconds += seconds;
    const bool stop = queue.poll(mine);
    progress.update(queue.total());
    return !stop;
  };
  while (const auto i = queue.next()) {
    const Part part = read_part(fs::path(experiment.store.path) / kPartsName, shards[*i]);
    if (!builder.build(shards[*i], part, after_track)) break;
    spdlog::debug("{} written", store::shard_name(shards[*i].number));
  }
  if (queue.stopped()) {
    throw runtime::Interrupted(
        "stopped by a signal; finished shards are kept, and the same command continues");
  }
}

// The open store; its index is written first where it is missing or does not open.
store::Store open_indexed(const fs::path& path, const store::StoreHeader& header, std::size_t shards) {
  try {
    return store::Store::open(path);
  } catch (const store::StoreError& error) {
    spdlog::debug("the index is written: {}", error.what());
  }
  store::write_index(path, header, shards);
  return store::Store::open(path);
}

void log_plan(const config::Experiment& experiment, const Plan& plan, std::size_t todo) {
  const auto files = std::accumulate(plan.shards.begin(), plan.shards.end(), std::size_t{0},
                                     [](std::size_t sum, const Shard& shard) { return sum + shard.tracks; });
  spdlog::info("{}: {} files in {} shards, {}", experiment.dataset.root, files, plan.shards.size(),
               todo == 0 ? "all complete already" : fmt::format("{} to be made", todo));
}

std::vector<Shard> unfinished(std::span<const Shard> shards, std::span<const store::ShardState> states) {
  std::vector<Shard> result;
  for (std::size_t i = 0; i < shards.size(); ++i) {
    if (states[i] != store::ShardState::kValid) result.push_back(shards[i]);
  }
  return result;
}

}  // namespace

std::string run(const comm::MpiSession& session, const config::Experiment& experiment,
                OnMismatch on_mismatch) {
  const fs::path path = experiment.store.path;
  std::string parts;  // on rank 0
  const Plan plan = from_text(comm::from_rank_zero(session, [&] {
    const auto catalogue = catalogue::make_catalogue(experiment.dataset);
    check_ids(catalogue, make_variants(experiment.augment));
    auto planned = make_plan(catalogue, static_cast<std::size_t>(experiment.store.tracks_per_shard));
    parts = std::move(planned.parts);
    return to_text(planned.plan);
  }));
  if (plan.precomputed) refuse_audio_settings(experiment);
  auto extractor = plan.precomputed ? nullptr : std::make_unique<features::Extractor>(experiment);
  const auto header = make_header(experiment, plan, extractor.get());

  const auto lock = lock_store(session, path);
  const auto on_rank_zero = [&](auto&& task) {
    comm::from_rank_zero(session, [&] { return task(), std::string(); });
  };
  on_rank_zero([&] { clear_store(path, header, on_mismatch); });
  const auto states = check_shards(session, path, header, plan.shards);
  on_rank_zero([&] { settle_changed_collection(path, states, on_mismatch); });

  const auto todo = unfinished(plan.shards, states);
  if (session.rank() == 0) log_plan(experiment, plan, todo.size());
  std::optional<PartsFile> parts_file;
  on_rank_zero([&] {
    if (!todo.empty()) parts_file.emplace(path, std::exchange(parts, {}));
  });
  try {
    if (!todo.empty()) build_shards(session, experiment, header, std::move(extractor), plan, todo);
  } catch (const runtime::Interrupted&) {
    if (parts_file) parts_file->keep();
    throw;
  }
  session.barrier();
  return comm::from_rank_zero(session, [&] {
    parts_file.reset();
    const auto store = open_indexed(path, header, plan.shards.size());
    require_tracks(store, experiment.dataset);
    log_findings(store, experiment);
    return describe(store);
  });
}

}  // namespace chorale::ingest
