#include "train/parallel/flat_parameters.hpp"

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

FlatParameters::FlatParameters(const torch::nn::Module& module)
    : parameters_(module.parameters()),
      values_(flatten(parameters_)),
      gradients_(torch::zeros_like(values_)) {
  std::int64_t offset = 0;
  for (auto& parameter : parameters_) {
    offsets_.push_back(offset);
    parameter.mutable_grad() = gradients_.narrow(0, offset, parameter.numel()).view(parameter.sizes());
    offset += parameter.numel();
  }
  offsets_.push_back(offset);
}

}  // namespace chorale::train
