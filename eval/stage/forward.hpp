// The forward pass over all slices. Free of LibTorch, as are all headers that results are written with.
#pragma once

#include <cstdint>
#include <vector>

#include "eval/stage/opened_run.hpp"

namespace chorale::eval {

struct Forward {
  std::vector<float> predictions;  // [slices of the run, width of its outputs] (models::predictions_of)
  std::int64_t parameters = 0;     // of the model
};

// What the model says of every slice, with the precision and threads of the run. Throws CheckpointMismatch
// (weights of another model), Error (outputs that are not finite), Interrupted (a stop signal; nothing is
// written).
Forward forward(const OpenedRun& run);

}  // namespace chorale::eval
