// The loops of kernels.hpp over tensors, on all threads.
#pragma once

#include <torch/torch.h>

#include "pipeline/kernels/winograd/kernels.hpp"

namespace chorale::kernels {

// The best that this processor can run, or null.
const Winograd* winograd();

enum class Turned { kNo, kYes };

// `images` [n, in, height, width], float or bfloat16; `weight` [out, in, 3, 3] float; `bias` [out] float or
// undefined; images and weight channels_last, channels multiples of winograd()->lanes -> [n, out, height,
// width] of the type of the images. Turned: the transpose of that, of `images` [n, out, height, width],
// without bias.
// `addend`, like the result or undefined, is added.
torch::Tensor winograd_convolution(const torch::Tensor& images, const torch::Tensor& weight,
                                   const torch::Tensor& bias, Turned turned,
                                   const torch::Tensor& addend = {});

// `images` as above, `gradient` of the output, of the same type -> that of the weight: float, channels_last.
torch::Tensor winograd_weight_gradient(const torch::Tensor& images, const torch::Tensor& gradient);

}  // namespace chorale::kernels
