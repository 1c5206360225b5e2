#include "train/optim/weight_average.hpp"

#include <utility>

namespace chorale::train {

WeightAverage::WeightAverage(torch::Tensor weights, double decay)
    : weights_(std::move(weights)), average_(weights_.detach().clone()), decay_(decay) {}

void WeightAverage::update() {
  const torch::NoGradGuard no_grad;
  average_.lerp_(weights_, 1 - decay_);
}

WeightAverage::InUse::InUse(const WeightAverage* average) {
  if (average == nullptr) return;
  const torch::NoGradGuard no_grad;
  weights_ = average->weights_;
  saved_ = weights_.detach().clone();
  weights_.copy_(average->average_);
}

WeightAverage::InUse::~InUse() {
  if (!saved_.defined()) return;
  const torch::NoGradGuard no_grad;
  weights_.copy_(saved_);
}

}  // namespace chorale::train
