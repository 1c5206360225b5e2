// What convolutions have in common: the layout and the type of what they read.
#pragma once

#include <torch/torch.h>

namespace chorale::kernels {

// `images` [n, channels, height, width] channels_last, so that convolutions are, too; also where a single
// channel makes both layouts the same bytes, and convolutions would take the slower one.
torch::Tensor channels_last(const torch::Tensor& images);

// The same of images on the CPU; others as they are, for LibTorch to convolve.
torch::Tensor dense(const torch::Tensor& images);

// Whether images on the CPU and float weights [out, in, kernel, kernel] fit together, for kernels of ours;
// else it is for LibTorch to convolve, or to say what is wrong.
bool fit(const torch::Tensor& images, const torch::Tensor& weight, std::int64_t kernel);

// What convolutions compute in now: float, or the type of autocast.
torch::ScalarType compute_type();

// [n, channels, height, width], channels_last -> [n * height * width, channels].
torch::Tensor rows_of(const torch::Tensor& images);

}  // namespace chorale::kernels
