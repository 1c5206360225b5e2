#include "train/optim/adam.hpp"

#include <fmt/format.h>

#include <cstring>

namespace chorale::train {

Adam::Adam(const FlatParameters& parameters, const AdamOptions& options)
    : parameters_(parameters),
      options_(options),
      step_(torch::zeros({1}, parameters.values().options())),
      exp_avg_(torch::zeros_like(parameters.values())),
      exp_avg_sq_(torch::zeros_like(parameters.values())) {}

void Adam::step() {
  const torch::NoGradGuard no_grad;
  step_ += 1;
  at::_fused_adam_({parameters_.values()}, {parameters_.gradients()}, {exp_avg_}, {exp_avg_sq_}, {}, {step_},
                   options_.lr, options_.beta1, options_.beta2, options_.weight_decay, options_.eps,
                   /*amsgrad=*/false, /*maximize=*/false);
}

std::map<std::string, torch::Tensor> Adam::state() const {
  return {{"step", step_}, {"exp_avg", exp_avg_}, {"exp_avg_sq", exp_avg_sq_}};
}

void Adam::load_state(const checkpoint::SafetensorsFile& file) {
  for (auto& [name, tensor] : state()) {
    const auto found = file.tensors().find(name);
    if (found == file.tensors().end() || found->second.dtype != "F32" ||
        found->second.shape != tensor.sizes().vec()) {
      throw checkpoint::CheckpointMismatch(
          fmt::format("optimizer state: no tensor {} of {} floats; it was saved for another model", name,
                      tensor.numel()));
    }
    const auto values = torch::empty(tensor.sizes());
    std::memcpy(values.mutable_data_ptr(), found->second.data, found->second.bytes);
    tensor.copy_(values);
  }
}

}  // namespace chorale::train
