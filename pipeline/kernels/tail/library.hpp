#pragma once

#include "pipeline/kernels/conv_tail.hpp"

namespace chorale::kernels {

torch::Tensor activate(const torch::Tensor& x, Activation activation);

// conv_tail() as library calls, for tensors that the kernels do not take.
torch::Tensor library_tail(const torch::Tensor& x, const std::optional<BatchNorm>& norm,
                           const ConvTailOptions& options, const torch::Tensor& shortcut);

}  // namespace chorale::kernels
