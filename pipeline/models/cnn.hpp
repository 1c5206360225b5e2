// `cnn`: blocks of convolution, global average pool, one hidden layer (CSCI 1470).
#pragma once

#include "pipeline/models/conv_block.hpp"
#include "pipeline/models/model.hpp"

namespace chorale::models {

// One block a width of model.channels, mean over what is left of the image, hidden layer with ReLU and
// dropout, output layer. Works on channels_last activations.
class Cnn : public Model {
 public:
  // Throws UsageError when the pools leave nothing of `input`.
  Cnn(const config::Model& options, InputShape input, std::int64_t outputs);
  torch::Tensor embed(const Inputs& inputs) override;
  torch::Tensor classify(const torch::Tensor& embedding) override;

 private:
  torch::nn::ModuleList blocks_;
  torch::nn::Linear hidden_{nullptr}, output_{nullptr};
  double dropout_;
};

}  // namespace chorale::models
