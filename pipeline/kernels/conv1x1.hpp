// The convolution of single positions, which bottlenecks and shortcuts of residual networks are.
#pragma once

#include <torch/torch.h>

#include "pipeline/kernels/fork.hpp"

namespace chorale::kernels {

// `images` [n, in, height, width], `weight` [out, in, 1, 1] -> [n, out, ceil(height / stride), ceil(width /
// stride)], as torch::conv2d. On the CPU channels_last, and of even numbers of channels a matrix product of
// our own where there is one (matrix/matrix.hpp), with gradients of weights in float also under autocast. Not
// differentiable twice.
Fork conv1x1_fork(const torch::Tensor& images, const torch::Tensor& weight, std::int64_t stride = 1);

}  // namespace chorale::kernels
