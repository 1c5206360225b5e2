// The forward pass over all slices. The only file of the stage that needs LibTorch.
#pragma once

#include <cstdint>
#include <vector>

#include "eval/stage/opened_run.hpp"
#include "pipeline/baselines/importance.hpp"

namespace chorale::eval {

struct Forward {
  std::vector<float> predictions;  // [slices of the run, width of its outputs] (models::predictions_of)
  std::int64_t parameters = 0;     // of the model
  baselines::Importance importance = {};  // of a classical baseline's columns; else there are none
};

// What the model says of every slice, with the precision and threads of the run; classical baselines are in
// baseline_forward.hpp. Throws CheckpointMismatch
// (weights of another model), Error (outputs that are not finite), Interrupted (a stop signal; nothing is
// written).
Forward forward(const OpenedRun& run);

}  // namespace chorale::eval
