// Weights in the order in which the kernels take them, and back.
#pragma once

#include <torch/torch.h>

#include <utility>

#include "pipeline/kernels/recurrent/sweep.hpp"

namespace chorale::kernels {

struct Shape {
  Cell cell;
  std::int64_t frames, batch, inputs, units;
  std::int64_t gates() const { return gates_of(cell); }
  std::int64_t width() const { return (units + kernels().lanes - 1) / kernels().lanes * kernels().lanes; }
};

// [gates * units, ..] as torch has it -> [width / lanes, gates, lanes, ..] as [gates * width, ..], zeros for
// surplus units.
torch::Tensor interleaved(const torch::Tensor& weight, const Shape& shape, torch::ScalarType type);
// The inverse: drops surplus units.
torch::Tensor torch_order(const torch::Tensor& interleaved, const Shape& shape);

// Gradients of bias_ih and bias_hh from those of BackwardSweep::grad_bias, [width / lanes, 4, lanes].
std::pair<torch::Tensor, torch::Tensor> bias_gradients(const torch::Tensor& sums, const Shape& shape);

}  // namespace chorale::kernels
