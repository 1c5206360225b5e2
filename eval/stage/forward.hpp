// The forward pass over all slices. Free of LibTorch, as are all headers that results are written with.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "eval/embedding/matrix.hpp"
#include "eval/stage/opened_run.hpp"
#include "pipeline/baselines/importance.hpp"

namespace chorale::eval {

struct Forward {
  std::vector<float> predictions;  // [slices of the run, width of its outputs] (models::predictions_of)
  std::int64_t parameters = 0;     // of the model
  int threads = 1;                 // it was computed on
  // With eval.embeddings: of songs with a label of the main task (EmbeddingCollector::finish).
  std::optional<Matrix<float>> song_embeddings = {};
  baselines::Importance importance = {};  // of a classical baseline's columns; else there are none
};

// What the model says of every slice, with the precision and threads of the run (classical baselines:
// baseline_forward.hpp); with eval.embeddings,
// embeddings.npy is written on the way, a row a slice of the main task. Throws CheckpointMismatch (weights of
// another model), Error (outputs that are not finite), Interrupted (a stop signal; nothing is written).
Forward forward(const OpenedRun& run);

}  // namespace chorale::eval
