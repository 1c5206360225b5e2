// `vgg16` as in torchvision.models (0.28), with its parameter names: a state dict of one is a state dict of
// the other.
#pragma once

#include "pipeline/models/model.hpp"

namespace chorale::models {

// Input of model.input_channels channels: the one channel repeated. model.channels are the widths of the five
// groups of 2, 2, 3, 3 and 3 convolutions; what they leave is averaged to 7 x 7, so clips may have any
// length.
class Vgg16 : public Model {
 public:
  // Throws UsageError when the pools leave nothing of `input`.
  Vgg16(const config::Model& options, InputShape input, std::int64_t outputs);
  torch::Tensor embed(const Inputs& inputs) override;
  std::string last_layer() const override { return "classifier.6"; }

 private:
  void initialise();

  std::int64_t input_channels_;
  std::int64_t min_frames_ = 1;
  torch::nn::Sequential features_{nullptr}, hidden_{nullptr};
};

}  // namespace chorale::models
