// `resnet18` and `resnet50` as in torchvision.models (0.28), with its parameter names: a state dict of one is
// a state dict of the other.
#pragma once

#include <vector>

#include "pipeline/models/batch_norm.hpp"
#include "pipeline/models/model.hpp"
#include "pipeline/models/residual_stage.hpp"

namespace chorale::models {

// Input of model.input_channels channels: the one channel repeated. model.channels are the widths of the four
// stages. Any number of bins and frames; clips of any length are averaged with their padding.
class ResNet : public Model {
 public:
  ResNet(const config::Model& options, ResidualBlock block, const std::vector<std::int64_t>& blocks,
         std::int64_t outputs);
  torch::Tensor embed(const Inputs& inputs) override;
  std::string last_layer() const override { return "fc"; }

 private:
  std::int64_t input_channels_;
  torch::nn::Conv2d conv1_{nullptr};
  BatchNorm bn1_{nullptr};
  std::vector<torch::nn::Sequential> stages_;
};

struct ResNet18 : ResNet {
  ResNet18(const config::Model& options, InputShape, std::int64_t outputs)
      : ResNet(options, ResidualBlock::kBasic, {2, 2, 2, 2}, outputs) {}
};

struct ResNet50 : ResNet {
  ResNet50(const config::Model& options, InputShape, std::int64_t outputs)
      : ResNet(options, ResidualBlock::kBottleneck, {3, 4, 6, 3}, outputs) {}
};

}  // namespace chorale::models
