#include "train/checkpoint/same_experiment.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "pipeline/config/config.hpp"

namespace chorale::train {
namespace fs = std::filesystem;
namespace {

// A key, or a section that ends in a dot.
constexpr std::array<std::string_view, 15> kMayDiffer = {"dataset.root",
                                                         "dataset.metadata",
                                                         "store.path",
                                                         "run.dir",
                                                         "train.epochs",
                                                         "train.patience",
                                                         "train.checkpoint_every",
                                                         "train.keep_checkpoints",
                                                         "model.initial_weights",
                                                         "train.bucket_mib",
                                                         "train.threads",
                                                         "train.device",
                                                         "train.cuda_graphs",
                                                         "train.resident",
                                                         "eval."};

bool may_differ(std::string_view line) {
  const auto key = line.substr(0, line.find(':'));
  return std::any_of(kMayDiffer.begin(), kMayDiffer.end(), [&](std::string_view allowed) {
    return allowed.ends_with('.') ? key.starts_with(allowed) : key == allowed;
  });
}

// "genre: blues, rock; tempo: "
std::string describe(const std::vector<dataset::Task>& tasks) {
  std::vector<std::string> texts;
  for (const auto& task : tasks)
    texts.push_back(fmt::format("{}: {}", task.name, fmt::join(task.classes, ", ")));
  return fmt::format("{}", fmt::join(texts, "; "));
}

}  // namespace

void require_same_experiment(const checkpoint::State& state, const config::Experiment& experiment,
                             const fs::path& run) {
  auto lines = config::differences(config::resolved(experiment), state.config);
  std::erase_if(lines, may_differ);
  if (lines.empty()) return;
  throw checkpoint::CheckpointMismatch(fmt::format(
      "{} holds a checkpoint of another experiment:\n  {}\nUse another run.dir, or start anew with --fresh "
      "(the old run is kept under another name).",
      run.string(), fmt::join(lines, "\n  ")));
}

void require_same_data(const checkpoint::State& state, const checkpoint::State& now) {
  if (state.split_hash != now.split_hash) {
    throw checkpoint::CheckpointMismatch(
        "the store holds other tracks, groups or labels than when this run began, so that songs may have "
        "moved "
        "from one part of the split to another. Use another run.dir, or start anew with --fresh.");
  }
  const std::string before = describe(state.tasks), classes = describe(now.tasks);
  if (before == classes && state.bins == now.bins && state.frames == now.frames) return;
  throw checkpoint::CheckpointMismatch(fmt::format(
      "the store is not the one that the checkpoint was trained on: {} bins, {} frames, {} then; {} bins, {} "
      "frames, {} now. Use another run.dir, or start anew with --fresh.",
      state.bins, state.frames, before, now.bins, now.frames, classes));
}

}  // namespace chorale::train
