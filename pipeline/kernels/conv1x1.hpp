// The convolution of single positions, which bottlenecks and shortcuts of residual networks are.
#pragma once

#include <torch/torch.h>

#include "pipeline/kernels/fork.hpp"

namespace chorale::kernels {

// `images` [n, in, height, width], `weight` [out, in, 1, 1] -> [n, out, ceil(height / stride), ceil(width /
// stride)], as torch::conv2d. On the CPU a matrix product of our own (matrix/matrix.hpp), channels_last;
// gradients of weights are float also under autocast. Not differentiable twice.
torch::Tensor conv1x1(const torch::Tensor& images, const torch::Tensor& weight, std::int64_t stride = 1);
Fork conv1x1_fork(const torch::Tensor& images, const torch::Tensor& weight);

}  // namespace chorale::kernels
