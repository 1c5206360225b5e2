// Batches as tensors.
#pragma once

#include <torch/torch.h>

#include "pipeline/samples/loader.hpp"

namespace chorale::train {

// [n, 1, bins, frames], a view of the batch, which is time-major.
torch::Tensor input_of(const samples::Batch& batch, std::size_t frames, std::size_t bins);
// [n] int64, a view of the batch.
torch::Tensor labels_of(const samples::Batch& batch);

}  // namespace chorale::train
