// Saving a run, and finding out whether a run folder can be continued.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "pipeline/checkpoint/run_folder.hpp"
#include "pipeline/config/experiment.hpp"
#include "pipeline/models/model.hpp"
#include "train/parallel/training_step.hpp"

namespace chorale::train {

// Throws CheckpointMismatch, with the keys that differ, when the checkpoint is of another experiment. Keys
// that say where things are, how long to train or how to use the machine may differ.
void require_same_experiment(const checkpoint::State& state, const config::Experiment& experiment,
                             const std::filesystem::path& run);

// Throws CheckpointMismatch when the store's classes or sizes are not those of the checkpoint.
void require_same_data(const checkpoint::State& state, const checkpoint::State& now);

// Model and step as of `folder`.
void load_checkpoint(const std::filesystem::path& folder, models::Model& model, TrainingStep& step);

// Writes model, the tensors of the step (for kEpoch) and state. For rank 0.
void save_checkpoint(const checkpoint::RunFolder& run, checkpoint::CheckpointKind kind,
                     const checkpoint::State& state, const models::Model& model, const TensorState& tensors);

// Renames an existing folder to FOLDER.old-1, or the next free number.
void move_aside(const std::filesystem::path& folder);

}  // namespace chorale::train
