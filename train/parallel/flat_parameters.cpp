#include "train/parallel/flat_parameters.hpp"

#include "pipeline/runtime/error.hpp"

namespace chorale::train {

torch::Tensor flatten(const std::vector<torch::Tensor>& tensors) {
  if (tensors.empty()) return torch::empty({0});
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> parts;
  for (const auto& tensor : tensors) parts.push_back(tensor.reshape({-1}));
  const torch::Tensor flat = torch::cat(parts);
  std::int64_t offset = 0;
  for (auto tensor : tensors) {
    tensor.set_data(flat.narrow(0, offset, tensor.numel()).view(tensor.sizes()));
    offset += tensor.numel();
  }
  return flat;
}

FlatParameters::FlatParameters(const torch::nn::Module& module) {
  for (const auto& item : module.named_parameters()) {
    if (!item.value().requires_grad()) continue;
    names_.push_back(item.key());
    parameters_.push_back(item.value());
  }
  if (parameters_.empty()) {
    throw runtime::UsageError(
        "model.freeze: every parameter of the model is frozen, nothing is left to train");
  }
  values_ = flatten(parameters_);
  gradients_ = torch::zeros_like(values_);
  std::int64_t offset = 0;
  for (auto& parameter : parameters_) {
    offsets_.push_back(offset);
    parameter.mutable_grad() = gradients_.narrow(0, offset, parameter.numel()).view(parameter.sizes());
    offset += parameter.numel();
  }
  offsets_.push_back(offset);
}

}  // namespace chorale::train
