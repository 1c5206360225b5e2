// A module's parameters in one flat tensor and their gradients in another, so that reducing, stepping and
// zeroing are each one operation.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <string>
#include <vector>

namespace chorale::train {

// Moves the data of `tensors` (float, one device) into one new flat tensor, one after another, and makes each
// of them a view of its part. Handles to them stay valid. Weights of convolutions lie there channels_last, as
// convolutions of images that do take them: else they would be copied in every step, and their gradients
// again.
torch::Tensor flatten(const std::vector<torch::Tensor>& tensors);

class FlatParameters {
 public:
  // The parameters that require a gradient, in order of construction; frozen ones stay where they are. Each
  // gets a gradient, a view of gradients(), into which autograd accumulates in place. Throws UsageError when
  // all are frozen.
  explicit FlatParameters(const torch::nn::Module& module);

  const std::vector<torch::Tensor>& parameters() const { return parameters_; }
  const std::vector<std::string>& names() const { return names_; }  // "block1.conv.weight"
  // Where parameter i begins in the flat tensors; one more entry for the end.
  const std::vector<std::int64_t>& offsets() const { return offsets_; }
  // What `flat` [n] holds of parameter i, a view with its shape.
  torch::Tensor part_of(const torch::Tensor& flat, std::size_t parameter) const;
  // `flat` [n] as files have it, parameter after parameter, each as torch numbers its values; and back.
  torch::Tensor to_file_order(const torch::Tensor& flat) const;
  void from_file_order(const torch::Tensor& ordered, const torch::Tensor& flat) const;
  const torch::Tensor& values() const { return values_; }        // [n]
  const torch::Tensor& gradients() const { return gradients_; }  // [n]

 private:
  std::vector<torch::Tensor> parameters_;
  std::vector<std::string> names_;
  std::vector<std::int64_t> offsets_;
  torch::Tensor values_, gradients_;
};

}  // namespace chorale::train
