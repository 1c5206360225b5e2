#include "train/optim/sgd.hpp"

namespace chorale::train {

Sgd::Sgd(const FlatParameters& parameters, const std::vector<ParameterGroup>& groups, double momentum)
    : momentum_(momentum), buffer_(momentum > 0 ? torch::zeros_like(parameters.values()) : torch::Tensor()) {
  for (const auto& group : groups) {
    groups_.push_back({group.lr_factor, group.weight_decay, parts_of(parameters.values(), group),
                       parts_of(parameters.gradients(), group),
                       buffer_.defined() ? parts_of(buffer_, group) : std::vector<torch::Tensor>{}});
  }
}

// torch.optim.SGD begins with the gradient as buffer: what a buffer of zeros gives.
void Sgd::step(double lr) {
  const torch::NoGradGuard no_grad;
  for (auto& g : groups_) {
    at::_fused_sgd_(g.values, g.gradients, g.momentum, g.weight_decay, momentum_, lr * g.lr_factor,
                    /*dampening=*/0.0, /*nesterov=*/false, /*maximize=*/false, /*is_first_step=*/false);
  }
}

TensorState Sgd::state() const {
  if (!buffer_.defined()) return {};
  return {{"momentum_buffer", buffer_}};
}

}  // namespace chorale::train
