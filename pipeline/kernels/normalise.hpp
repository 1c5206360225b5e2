// Batch normalisation as an operation of its own, where it does not follow a convolution.
#pragma once

#include <torch/torch.h>

#include "pipeline/kernels/conv_tail.hpp"

namespace chorale::kernels {

// [n, channels, ...] -> the same shape and type; n may be 0 with a reducer. What torch::batch_norm does, with
// the statistics of the batches of all ranks when `norm` is training and has a reducer: collective then, in
// forward and in backward.
torch::Tensor normalise(const torch::Tensor& x, const BatchNorm& norm);

}  // namespace chorale::kernels
