#include "train/parallel/flat_parameters.hpp"

#include "pipeline/runtime/error.hpp"

namespace chorale::train {
namespace {

// The weight of a convolution [out, in, ...] as [out, ..., in]; anything else as it is.
torch::Tensor as_it_lies(const torch::Tensor& tensor) {
  return tensor.dim() > 2 ? tensor.movedim(1, -1) : tensor;
}

// The part of `flat` from `offset` on, with the shape of `like`.
torch::Tensor view_of(const torch::Tensor& flat, std::int64_t offset, const torch::Tensor& like) {
  const torch::Tensor part = flat.narrow(0, offset, like.numel()).view(as_it_lies(like).sizes());
  return like.dim() > 2 ? part.movedim(-1, 1) : part;
}

}  // namespace

torch::Tensor flatten(const std::vector<torch::Tensor>& tensors) {
  if (tensors.empty()) return torch::empty({0});
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> parts;
  parts.reserve(tensors.size());
  for (const auto& tensor : tensors) parts.push_back(as_it_lies(tensor).reshape({-1}));
  torch::Tensor flat = torch::cat(parts);
  std::int64_t offset = 0;
  for (const auto& tensor : tensors) {
    tensor.set_data(view_of(flat, offset, tensor));
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
  for (const auto& parameter : parameters_) {
    offsets_.push_back(offset);
    offset += parameter.numel();
  }
  offsets_.push_back(offset);
  for (std::size_t p = 0; p < parameters_.size(); ++p) parameters_[p].mutable_grad() = part_of(gradients_, p);
}

torch::Tensor FlatParameters::to_file_order(const torch::Tensor& flat) const {
  std::vector<torch::Tensor> parts;
  for (std::size_t p = 0; p < parameters_.size(); ++p) parts.push_back(part_of(flat, p).reshape({-1}));
  return torch::cat(parts);
}

void FlatParameters::from_file_order(const torch::Tensor& ordered, const torch::Tensor& flat) const {
  for (std::size_t p = 0; p < parameters_.size(); ++p) {
    part_of(flat, p).copy_(
        ordered.narrow(0, offsets_[p], parameters_[p].numel()).view(parameters_[p].sizes()));
  }
}

torch::Tensor FlatParameters::part_of(const torch::Tensor& flat, std::size_t parameter) const {
  return view_of(flat, offsets_[parameter], parameters_[parameter]);
}

}  // namespace chorale::train
