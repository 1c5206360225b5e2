#include "train/optim/adam.hpp"

namespace chorale::train {
namespace {

constexpr double kBeta1 = 0.9, kBeta2 = 0.999, kEpsilon = 1e-8;

}  // namespace

Adam::Adam(const FlatParameters& parameters, const std::vector<ParameterGroup>& groups, AdamDecay decay)
    : decay_(decay),
      step_(torch::zeros({1}, parameters.values().options())),
      exp_avg_(torch::zeros_like(parameters.values())),
      exp_avg_sq_(torch::zeros_like(parameters.values())) {
  for (const auto& group : groups) {
    groups_.push_back({group.lr_factor, group.weight_decay, parts_of(parameters.values(), group),
                       parts_of(parameters.gradients(), group), parts_of(exp_avg_, group),
                       parts_of(exp_avg_sq_, group), std::vector(group.ranges.size(), step_)});
  }
}

void Adam::step(double lr) {
  const torch::NoGradGuard no_grad;
  step_ += 1;
  for (auto& g : groups_) {
    const double group_lr = lr * g.lr_factor;
    if (decay_ == AdamDecay::kGradient) {
      at::_fused_adam_(g.values, g.gradients, g.exp_avg, g.exp_avg_sq, {}, g.steps, group_lr, kBeta1, kBeta2,
                       g.weight_decay, kEpsilon, /*amsgrad=*/false, /*maximize=*/false);
    } else {
      at::_fused_adamw_(g.values, g.gradients, g.exp_avg, g.exp_avg_sq, {}, g.steps, group_lr, kBeta1, kBeta2,
                        g.weight_decay, kEpsilon, /*amsgrad=*/false, /*maximize=*/false);
    }
  }
}

TensorState Adam::state() const {
  return {{"step", step_}, {"exp_avg", exp_avg_}, {"exp_avg_sq", exp_avg_sq_}};
}

}  // namespace chorale::train
