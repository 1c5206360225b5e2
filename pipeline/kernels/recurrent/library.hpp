// The same layer as recurrent_layer(), by LibTorch: on CUDA by cuDNN, and for types that ours does not
// compute.
#pragma once

#include "pipeline/kernels/recurrent/layer.hpp"

namespace chorale::kernels {

// On CUDA the weights go to cuDNN as they are: it copies them into its own layout in every call. They can't
// stay in that layout, for a trainer keeps all parameters of a model in one flat tensor in an order of its
// own; a copy of some megabytes on the device costs microseconds.
torch::Tensor library_layer(const torch::Tensor& input, const std::vector<DirectionWeights>& weights,
                            const LayerCall& call);

}  // namespace chorale::kernels
