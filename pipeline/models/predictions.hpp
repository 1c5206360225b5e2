// What the outputs of a model say.
#pragma once

#include <torch/torch.h>

#include <span>

#include "pipeline/models/outputs.hpp"

namespace chorale::models {

// `outputs` [n, width], of a network with `layout`; one decoding a task. Returns [n, width] float:
// probabilities of the classes (softmax over those of a task of kind single or key, sigmoid of each of
// multi), values of regression in their own unit.
torch::Tensor predictions_of(const torch::Tensor& outputs, std::span<const Output> layout,
                             std::span<const Decoding> decodings);

}  // namespace chorale::models
