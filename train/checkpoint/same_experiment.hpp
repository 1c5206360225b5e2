// Whether a run folder can be continued.
#pragma once

#include <filesystem>

#include "pipeline/checkpoint/run_folder.hpp"
#include "pipeline/config/experiment.hpp"

namespace chorale::train {

// Throws CheckpointMismatch, with the keys that differ, when the checkpoint is of another experiment. Keys
// that say where things are, how long to train or how to use the machine may differ.
void require_same_experiment(const checkpoint::State& state, const config::Experiment& experiment,
                             const std::filesystem::path& run);

// Throws CheckpointMismatch when the store's classes or sizes are not those of the checkpoint.
void require_same_data(const checkpoint::State& state, const checkpoint::State& now);

}  // namespace chorale::train
