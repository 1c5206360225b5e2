// The sweeps of a layer's directions over all threads.
#pragma once

#include <torch/torch.h>

#include <vector>

#include "pipeline/kernels/recurrent/layout.hpp"

namespace chorale::kernels {

// What one direction keeps for backward.
struct Pass {
  Direction direction;
  torch::Tensor input;          // [frames, batch, inputs]
  torch::Tensor ih, hh;         // interleaved [gates * width, inputs], [gates * width, width]
  torch::Tensor gates, memory;  // [frames * batch, gates * width], [frames * batch, width]
  torch::Tensor output;         // [frames, batch, units], possibly half of both directions'
  torch::Tensor lengths;        // undefined: all full
};

// Fills memory and output of all passes, and gates (in: the part of the input). Biases of GRU's n: [width]
// each.
void sweep_forward(const std::vector<Pass>& passes, const std::vector<torch::Tensor>& candidate_bias,
                   const Shape& shape);

struct PassGradients {
  torch::Tensor output;  // [frames, batch, units] or undefined
  torch::Tensor last;    // [batch, units], of the output at the last valid frame, or undefined
  // Results: of gates before activation [frames * batch, gates * width] as input weights see them and as
  // recurrent weights do, and their sums, see BackwardSweep::grad_bias.
  torch::Tensor gates, state, bias;
};

// `gradients`: output or last of each pass. Fills in the results.
void sweep_backward(const std::vector<Pass>& passes, std::vector<PassGradients>& gradients,
                    const Shape& shape);

}  // namespace chorale::kernels
