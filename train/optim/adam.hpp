// Adam and AdamW as one fused step a parameter group, over flat buffers.
#pragma once

#include <vector>

#include "train/optim/optimizer.hpp"
#include "train/optim/parameter_groups.hpp"

namespace chorale::train {

enum class AdamDecay {
  kGradient,   // added to the gradient (L2), as torch.optim.Adam does
  kDecoupled,  // of the weights, as torch.optim.AdamW does (Loshchilov and Hutter 2019)
};

// Kingma and Ba 2015, algorithm 1, with beta 0.9 and 0.999, epsilon 1e-8 and the arithmetic of
// torch.optim.Adam.
class Adam : public Optimizer {
 public:
  // `parameters` must outlive it.
  Adam(const FlatParameters& parameters, const std::vector<ParameterGroup>& groups, AdamDecay decay);

  void step(double lr) override;
  // step [1], exp_avg [n], exp_avg_sq [n]
  TensorState state() const override;

 private:
  struct Group {
    double lr_factor, weight_decay;
    std::vector<torch::Tensor> values, gradients, exp_avg, exp_avg_sq, steps;
  };

  AdamDecay decay_;
  torch::Tensor step_, exp_avg_, exp_avg_sq_;
  std::vector<Group> groups_;
};

}  // namespace chorale::train
