// The convolution that most layers of the convolutional networks are.
#pragma once

#include <torch/torch.h>

#include "pipeline/kernels/fork.hpp"

namespace chorale::kernels {

// 3x3 convolution that keeps the size (zeros outside): `images` [n, in, height, width], `weight` [out, in, 3,
// 3], `bias` [out] or undefined -> [n, out, height, width], as torch::conv2d.
//
// On the CPU, where that takes fewer multiplications, by Winograd's minimal filtering (winograd/kernels.hpp):
// channels_last, for any number of threads the same bits, gradients of weights in float also under autocast.
// docs/training.md tells when, how fast and how exact it is. A value that is not finite spreads over the 2x2
// outputs of the tiles that see it. Not differentiable twice.
torch::Tensor conv3x3(const torch::Tensor& images, const torch::Tensor& weight,
                      const torch::Tensor& bias = {});
Fork conv3x3_fork(const torch::Tensor& images, const torch::Tensor& weight);

// The same with stride 2, without bias: [n, out, ceil(height / 2), ceil(width / 2)]. LibTorch's but for the
// gradient of the weights, which here is a matrix product with the patches that each output sees.
torch::Tensor conv3x3_strided(const torch::Tensor& images, const torch::Tensor& weight);

}  // namespace chorale::kernels
