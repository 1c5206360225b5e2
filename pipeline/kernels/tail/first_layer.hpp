#pragma once

#include "pipeline/kernels/conv_tail.hpp"

namespace chorale::kernels {

// conv3x3_tail() of float `input` [n, 1, height, width] that needs no gradient. Computed in single precision;
// the result and its gradient are of `type`, float or bfloat16.
torch::Tensor first_layer(const torch::Tensor& input, const torch::Tensor& weight, const torch::Tensor& bias,
                          const std::optional<BatchNorm>& norm, const ConvTailOptions& options,
                          torch::ScalarType type);

}  // namespace chorale::kernels
