#include "train/checkpoint/resume.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "pipeline/config/config.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/folder_lock.hpp"
#include "pipeline/runtime/log.hpp"

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

checkpoint::TensorView view_of(const torch::Tensor& tensor) {
  return {tensor.scalar_type() == torch::kInt64 ? "I64" : "F32", tensor.sizes().vec(),
          tensor.const_data_ptr(), tensor.nbytes()};
}

std::map<std::string, checkpoint::TensorView> views_of(const std::map<std::string, torch::Tensor>& tensors) {
  std::map<std::string, checkpoint::TensorView> views;
  for (const auto& [name, tensor] : tensors) views.emplace(name, view_of(tensor));
  return views;
}

std::map<std::string, torch::Tensor> as_they_are_stored(std::map<std::string, torch::Tensor> tensors) {
  for (auto& [name, tensor] : tensors) tensor = tensor.cpu().contiguous();
  return tensors;
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

void load_checkpoint(const fs::path& folder, models::Model& model, TrainingStep& step) {
  models::load_state_dict(model, folder / checkpoint::kModelFile);
  const TensorState state = step.state();
  if (state.empty()) return;  // nor is there a file
  load_state(state, checkpoint::SafetensorsFile(folder / checkpoint::kOptimizerFile));
  step.restore(state);
}

void save_checkpoint(const checkpoint::RunFolder& run, checkpoint::CheckpointKind kind,
                     const checkpoint::State& state, const models::Model& model, const TensorState& tensors) {
  const auto weights = as_they_are_stored(models::state_dict(model)), others = as_they_are_stored(tensors);
  checkpoint::write_checkpoint(run, kind, state, views_of(weights), views_of(others));
}

void move_aside(const fs::path& folder) {
  if (!fs::exists(folder)) return;
  const auto lock = runtime::FolderLock::acquire(folder);
  const fs::path target = runtime::free_name(folder, "old");
  fs::rename(folder, target);
  spdlog::info("the former run is kept in {}", target.string());
}

}  // namespace chorale::train
