// Gradient clipping by the global norm.
#pragma once

#include <torch/torch.h>

namespace chorale::train {

// Scales `gradients` [n] so that their L2 norm is at most `max_norm`, as torch.nn.utils.clip_grad_norm_ does.
// Returns the norm before [] (float64), on the same device; waits for nothing.
torch::Tensor clip_norm(const torch::Tensor& gradients, double max_norm);

}  // namespace chorale::train
