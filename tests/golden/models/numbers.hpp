// Weights and inputs of the golden cases, which both sides make by the same rules (make_goldens.py).
#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <string>

#include "pipeline/models/model.hpp"

namespace chorale::testing_support {

// Tensors of consecutive numbers: uniform in [-1, 1), 24 bits of SplitMix64 of 0, 1, 2, ...
class Numbers {
 public:
  torch::Tensor tensor(at::IntArrayRef shape) {
    const auto values = torch::empty(shape);
    float* value = values.mutable_data_ptr<float>();
    for (std::int64_t i = 0; i < values.numel(); ++i) value[i] = number(next_++);
    return values;
  }

 private:
  static float number(std::uint64_t index) {
    std::uint64_t z = (index + 1) * 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    z ^= z >> 31;
    return static_cast<float>(static_cast<double>(z >> 40) / 8388608.0 - 1);
  }

  std::uint64_t next_ = 0;
};

// Sets every parameter and buffer in the order of their names: matrices to the variance that keeps
// activations as they are, factors and variances about 1, all else about 0.
inline void set_weights(const models::Model& model, Numbers& numbers) {
  const torch::NoGradGuard no_grad;
  for (const auto& [name, tensor] : models::state_dict(model)) {
    if (name.ends_with("num_batches_tracked")) continue;
    const auto values = numbers.tensor(tensor.sizes());
    if (tensor.dim() > 1) {
      const auto fan_in = static_cast<double>(tensor[0].numel());
      torch::Tensor(tensor).copy_(values * static_cast<float>(std::sqrt(6 / fan_in)));
    } else if (name.ends_with("running_var") || name.ends_with("weight")) {
      torch::Tensor(tensor).copy_(1 + values / 4);
    } else {
      torch::Tensor(tensor).copy_(values / 8);
    }
  }
}

}  // namespace chorale::testing_support
