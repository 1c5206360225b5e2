// The model of a run as it is before a checkpoint or the first step.
#pragma once

#include <memory>

#include "pipeline/checkpoint/run_folder.hpp"
#include "pipeline/comm/mpi.hpp"
#include "train/data/training_data.hpp"

namespace chorale::train {

enum class FirstWeights {
  kOfExperiment,  // drawn from train.seed; then those of model.initial_weights
  kOfCheckpoint   // whatever: a checkpoint will be loaded
};

// The same on any number of ranks, frozen as model.freeze says. Rank 0 writes the layer table into the run
// folder. Throws UsageError for a model that can't be, and for weights that don't fit it.
std::shared_ptr<models::Model> new_model(const comm::MpiSession& session,
                                         const config::Experiment& experiment, const TrainingData& data,
                                         FirstWeights weights);

}  // namespace chorale::train
