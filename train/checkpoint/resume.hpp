// Saving a run, and loading it.
#pragma once

#include <filesystem>

#include "pipeline/checkpoint/run_folder.hpp"
#include "pipeline/models/model.hpp"
#include "train/parallel/training_step.hpp"

namespace chorale::train {

// Model and step as of `folder`.
void load_checkpoint(const std::filesystem::path& folder, models::Model& model, TrainingStep& step);

// Writes model, the tensors of the step (for kEpoch) and state. For rank 0.
void save_checkpoint(const checkpoint::RunFolder& run, checkpoint::CheckpointKind kind,
                     const checkpoint::State& state, const models::Model& model, const TensorState& tensors);

}  // namespace chorale::train
