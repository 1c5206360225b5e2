// The forward pass over all slices. The only file of the stage that needs LibTorch.
#pragma once

#include <cstdint>

#include "eval/metrics/songs.hpp"
#include "eval/stage/opened_run.hpp"

namespace chorale::eval {

struct Forward {
  SliceProbabilities slices;    // as run.slices; song is the index of the track in the store
  std::int64_t parameters = 0;  // of the model
};

// Softmax of the model's outputs, with the precision and threads of the run, on a GPU where train.device
// allows it and there is one. Throws CheckpointMismatch (weights of another model), Error (probabilities that
// are not finite), Interrupted (a stop signal; nothing is written).
Forward forward(const OpenedRun& run);

}  // namespace chorale::eval
