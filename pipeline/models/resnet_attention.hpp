// `resnet_attention`: a residual network with channel attention after each stage, two hidden layers (Music
// Feature Analysis). The reference names neither its base width nor its first weights: 64, and those of
// `resnet18`. Attention: Woo et al. 2018 (CBAM), section 3.1, equation 2.
#pragma once

#include <vector>

#include "pipeline/models/batch_norm.hpp"
#include "pipeline/models/model.hpp"

namespace chorale::models {

// Scales each channel by sigmoid(mlp(mean) + mlp(maximum)), both over the image; mlp: to a 16th of the
// channels (one at least), ReLU, and back, without biases.
class ChannelAttentionImpl : public torch::nn::Module {
 public:
  explicit ChannelAttentionImpl(std::int64_t channels);
  torch::Tensor forward(const torch::Tensor& image);  // [batch, channels, height, width], as it is

 private:
  torch::nn::Sequential mlp_;
};
TORCH_MODULE(ChannelAttention);

// Stages of two basic blocks, as in `resnet18`; model.channels are their four widths. Clips of any length are
// averaged with their padding.
class ResNetAttention : public Model {
 public:
  ResNetAttention(const config::Model& options, InputShape input, std::int64_t outputs);
  torch::Tensor embed(const Inputs& inputs) override;

 private:
  torch::nn::Conv2d conv1_{nullptr};
  BatchNorm bn1_{nullptr};
  std::vector<torch::nn::Sequential> stages_;
  std::vector<ChannelAttention> attentions_;
  torch::nn::Sequential hidden_{nullptr};
};

}  // namespace chorale::models
