// The validation part, dealt out over the ranks.
#pragma once

#include <optional>

#include "pipeline/comm/communicator.hpp"
#include "pipeline/config/experiment.hpp"
#include "pipeline/models/model.hpp"
#include "train/data/training_data.hpp"

namespace chorale::train {

struct Validation {
  double loss = 0;           // mean cross entropy of slices
  double accuracy = 0;       // of slices
  double song_accuracy = 0;  // of songs, by the mean probability of their slices
};

// Collective; the same result on every rank. Nothing when a rank was asked to stop meanwhile. The model is on
// `device`.
std::optional<Validation> validate(models::Model& model, const TrainingData& data,
                                   const config::Experiment& experiment, comm::Communicator& communicator,
                                   torch::Device device = torch::kCPU);

}  // namespace chorale::train
