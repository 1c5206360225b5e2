// The convolution that most layers of the convolutional networks are.
#pragma once

#include <torch/torch.h>

#include "pipeline/kernels/fork.hpp"

namespace chorale::kernels {

// 3x3 convolution that keeps the size (zeros outside): `images` [n, in, height, width], `weight` [out, in, 3,
// 3], `bias` [out] or undefined -> [n, out, height, width], as torch::conv2d.
//
// On the CPU, where it takes fewer multiplications, by Winograd's minimal filtering
// (winograd/kernels.hpp): 1.5 to 1.9 times as fast as LibTorch's, channels_last, for any number of threads
// the same bits on every run, gradients of weights in float also under autocast. In single precision it
// deviates from the exact result as LibTorch's does, by some 1e-7 of the largest value. In bfloat16 the
// transformed images and weights are rounded where LibTorch's rounds the images and weights: about twice the
// deviation, 0.4 % (root of mean squares). Not differentiable twice.
torch::Tensor conv3x3(const torch::Tensor& images, const torch::Tensor& weight,
                      const torch::Tensor& bias = {});
Fork conv3x3_fork(const torch::Tensor& images, const torch::Tensor& weight);

// The same with stride 2, without bias: [n, out, ceil(height / 2), ceil(width / 2)]. LibTorch's but for the
// gradient of the weights, which here is a matrix product with the patches that each output sees.
torch::Tensor conv3x3_strided(const torch::Tensor& images, const torch::Tensor& weight);

// `images` [n, channels, height, width] channels_last, so that convolutions are, too; also where a single
// channel makes both layouts the same bytes, and convolutions would take the slower one.
torch::Tensor channels_last(const torch::Tensor& images);

// What convolutions compute in now: float, or the type of autocast.
torch::ScalarType compute_type();

}  // namespace chorale::kernels
