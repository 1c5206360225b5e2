#pragma once

#include <memory>

#include "eval/stage/opened_run.hpp"
#include "pipeline/models/model.hpp"

namespace chorale::eval {

// The model of the run's best checkpoint, in evaluation mode. Throws CheckpointMismatch (weights of another
// model).
std::shared_ptr<models::Model> load_model(const OpenedRun& run, torch::Device device);

}  // namespace chorale::eval
