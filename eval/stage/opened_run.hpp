// A run folder, its best checkpoint and the store it was trained on, checked against each other.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "eval/results/run_metrics.hpp"
#include "pipeline/checkpoint/run_folder.hpp"
#include "pipeline/config/experiment.hpp"
#include "pipeline/models/outputs.hpp"
#include "pipeline/runtime/folder_lock.hpp"
#include "pipeline/samples/slices.hpp"
#include "pipeline/store/store.hpp"

namespace chorale::eval {

struct OpenedRun {
  checkpoint::RunFolder folder;
  runtime::FolderLock lock;       // no training goes on meanwhile
  config::Experiment experiment;  // RUN/config.toml with the overrides
  std::filesystem::path checkpoint;
  checkpoint::State state;
  std::vector<models::Output> outputs;  // of the model
  store::Store store;
  std::vector<config::Part> parts;                  // [tracks], by the split of the configuration
  std::vector<samples::Slice> slices;               // of eval.part, of tracks with a label of some task
  std::vector<std::vector<dataset::Label>> labels;  // [tracks][outputs], in the classes of the outputs
  std::vector<std::size_t> tasks;                   // outputs that are evaluated
  SplitInfo split;                                  // what the songs are
  checkpoint::RunFolder results;                    // where the files go
  std::string command = {}, overrides = {};         // RunMetrics's
};

// Throws UsageError: no run there, one that is being trained, no checkpoint yet, overrides that would change
// what is test and what is training, a store of other features, classes or bins than the checkpoint's (names
// what differs), no songs to evaluate, eval.explain of a task without classes,
// that or eval.embeddings of a classical baseline.
OpenedRun open_run(const std::filesystem::path& dir, const std::vector<std::string>& overrides);

// What keeps a checkpoint from being evaluated with a store or configuration, a line each; empty when it
// fits.
std::vector<std::string> mismatches(const checkpoint::State& state, const config::Experiment& experiment,
                                    const store::Store& store);

}  // namespace chorale::eval
