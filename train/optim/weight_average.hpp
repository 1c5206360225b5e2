// An exponential moving average of the weights, with which a model is validated.
#pragma once

#include <torch/torch.h>

namespace chorale::train {

// As torch.optim.swa_utils.get_ema_multi_avg_fn: it begins with the weights it is made from; each update
// makes it decay * average + (1 - decay) * weights.
class WeightAverage {
 public:
  // `weights` [n]: the flat values, of which a handle is kept.
  WeightAverage(torch::Tensor weights, double decay);

  void update();

  // [n]; its own tensor, not a copy.
  const torch::Tensor& average() const { return average_; }

  // Puts the average into the model and, at the end of its life, the weights back, bit for bit. Null: does
  // nothing.
  class InUse {
   public:
    explicit InUse(const WeightAverage* average);
    ~InUse();
    InUse(const InUse&) = delete;
    InUse& operator=(const InUse&) = delete;

   private:
    torch::Tensor weights_, saved_;
  };

 private:
  torch::Tensor weights_, average_;
  double decay_;
};

}  // namespace chorale::train
