// Stochastic gradient descent with momentum, as one fused step a parameter group, over flat buffers.
#pragma once

#include <vector>

#include "train/optim/optimizer.hpp"
#include "train/optim/parameter_groups.hpp"

namespace chorale::train {

// torch.optim.SGD without dampening and Nesterov: v = momentum v + g + decay w; w = w - lr v.
class Sgd : public Optimizer {
 public:
  // `parameters` must outlive it.
  Sgd(const FlatParameters& parameters, const std::vector<ParameterGroup>& groups, double momentum);

  void step(double lr) override;
  // momentum_buffer [n]; nothing without momentum
  TensorState state() const override;

 private:
  struct Group {
    double lr_factor, weight_decay;
    std::vector<torch::Tensor> values, gradients, momentum;
  };

  double momentum_;
  torch::Tensor buffer_;  // undefined without momentum
  std::vector<Group> groups_;
};

}  // namespace chorale::train
