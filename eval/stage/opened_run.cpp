#include "eval/stage/opened_run.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>

#include "eval/stage/split_info.hpp"
#include "pipeline/config/config.hpp"
#include "pipeline/config/model_options.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/samples/input.hpp"
#include "pipeline/samples/parts.hpp"

namespace chorale::eval {
namespace {

namespace fs = std::filesystem;
using checkpoint::CheckpointMismatch;
using runtime::UsageError;

// Keys that decide which songs are test songs, or what the network is. An evaluation with others than
// training had would report songs that were trained on, or fail in obscure ways.
constexpr std::array<std::string_view, 10> kFixedByTraining = {
    "audio.",        "features.",    "split.",      "model.",       "dataset.group",
    "dataset.tasks", "train.slice_", "train.input", "train.vector", "train.key_classes"};

std::vector<std::string> changed_since_training(const checkpoint::State& state,
                                                const config::Experiment& experiment) {
  std::vector<std::string> lines = config::differences(config::resolved(experiment), state.config);
  std::erase_if(lines, [](const std::string& line) {
    return std::none_of(kFixedByTraining.begin(), kFixedByTraining.end(),
                        [&](std::string_view prefix) { return line.starts_with(prefix); });
  });
  return lines;
}

std::string tasks_text(const std::vector<dataset::Task>& tasks) {
  std::vector<std::string> texts;
  texts.reserve(tasks.size());
  for (const auto& task : tasks)
    texts.push_back(fmt::format("{}: {}", task.name, fmt::join(task.classes, ", ")));
  return fmt::format("{}", fmt::join(texts, "; "));
}

config::Experiment read_config(const checkpoint::RunFolder& folder,
                               const std::vector<std::string>& overrides) {
  if (!fs::exists(folder.config())) {
    throw UsageError(fmt::format("{}: not a run folder, it has no config.toml", folder.dir().string()));
  }
  return config::parse(runtime::read_file(folder.config()), folder.config().string(), overrides);
}

fs::path best_checkpoint(const checkpoint::RunFolder& folder) {
  if (const auto best = folder.best()) return *best;
  throw UsageError(fmt::format("{}: no checkpoint to evaluate. Train the run first: chorale train {}",
                               folder.dir().string(), folder.config().string()));
}

std::vector<samples::Slice> slices_of(const store::Store& store, const std::vector<config::Part>& parts,
                                      const config::Experiment& experiment) {
  auto slices = samples::slices_of(store, parts, experiment.eval.part, experiment);
  if (slices.empty()) {
    throw UsageError(fmt::format("eval.part = {}: the split has no labelled songs in this part",
                                 config::name_of(experiment.eval.part)));
  }
  return slices;
}

std::vector<std::vector<dataset::Label>> labels_of(const store::Store& store) {
  std::vector<std::vector<dataset::Label>> labels;
  labels.reserve(store.tracks().size());
  for (const auto& row : store.tracks()) labels.push_back(row.track.labels);
  return labels;
}

// What a classical baseline has not.
void require_network(const config::Experiment& experiment) {
  if (!config::is_baseline(experiment.model.name)) return;
  if (!experiment.eval.explain && !experiment.eval.embeddings) return;
  throw UsageError(
      fmt::format("eval.{}: {} is no network, so it has none; leave it out. Its tables have the importance "
                  "of its columns",
                  experiment.eval.explain ? "explain" : "embeddings", experiment.model.name));
}

void require_classes_to_explain(const std::vector<models::Output>& outputs) {
  const dataset::Task& task = outputs[models::main_task(outputs)].task;
  if (task.kind != config::TaskKind::kRegression) return;
  throw UsageError(fmt::format(
      "eval.explain draws figures of classes, and the main task, {}, has none; leave it out", task.name));
}

}  // namespace

std::vector<std::string> mismatches(const checkpoint::State& state, const config::Experiment& experiment,
                                    const store::Store& store) {
  std::vector<std::string> lines = changed_since_training(state, experiment);
  if (tasks_text(state.tasks) != tasks_text(store.tasks())) {
    lines.push_back(fmt::format("classes: the store has {}; the checkpoint {}", tasks_text(store.tasks()),
                                tasks_text(state.tasks)));
  }
  const bool frames = !config::is_baseline(experiment.model.name);
  const auto bins =
      frames ? static_cast<std::int64_t>(samples::Input(store, experiment.train.input).bins()) : 0;
  if (bins != state.bins) {
    lines.push_back(fmt::format("{} bins: {} in the store, {} in the checkpoint", experiment.train.input,
                                bins, state.bins));
  }
  if (store.config_hash() != state.store_hash) {
    const auto trained_on =
        config::resolved_store(config::parse(state.config, "the checkpoint's configuration"));
    lines.push_back(fmt::format("store hash: {} in the store, {} in the checkpoint", store.config_hash(),
                                state.store_hash));
    for (const auto& line : config::differences(store.config_text(), trained_on)) lines.push_back(line);
  }
  return lines;
}

OpenedRun open_run(const fs::path& dir, const std::vector<std::string>& overrides) {
  checkpoint::RunFolder folder(dir);
  auto experiment = read_config(folder, overrides);
  require_network(experiment);
  auto lock = runtime::FolderLock::acquire(dir);
  const fs::path checkpoint = best_checkpoint(folder);
  auto state =
      checkpoint::State::from_json(runtime::read_file(checkpoint / "state.json"), checkpoint.string());
  auto store = store::Store::open(experiment.store.path);
  if (const auto lines = mismatches(state, experiment, store); !lines.empty()) {
    throw CheckpointMismatch(
        fmt::format("{} does not fit the store {} and the configuration (here: this evaluation, there: the "
                    "checkpoint):\n  {}",
                    checkpoint.string(), experiment.store.path, fmt::join(lines, "\n  ")));
  }
  auto parts = samples::make_parts(store, experiment);
  if (samples::split_hash(store, parts) != state.split_hash) {
    throw CheckpointMismatch(fmt::format(
        "{}: the store {} holds other tracks, groups or labels than when the run was trained, so that "
        "songs it was trained on could be tested. Evaluate it with the store it was trained on, or "
        "train anew.",
        checkpoint.string(), experiment.store.path));
  }
  auto slices = slices_of(store, parts, experiment);
  auto outputs = models::outputs_of(state.tasks, experiment.train.key_classes);
  if (experiment.eval.explain) require_classes_to_explain(outputs);
  std::vector<std::size_t> tasks(outputs.size());
  std::iota(tasks.begin(), tasks.end(), std::size_t{0});
  auto labels = labels_of(store);
  auto split = split_info(store, experiment);
  return {folder,
          std::move(lock),
          std::move(experiment),
          checkpoint,
          std::move(state),
          std::move(outputs),
          std::move(store),
          std::move(parts),
          std::move(slices),
          std::move(labels),
          std::move(tasks),
          std::move(split),
          folder};
}

}  // namespace chorale::eval
