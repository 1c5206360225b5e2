#include "pipeline/models/resnet_attention.hpp"

#include <algorithm>

#include "pipeline/models/hidden_layers.hpp"
#include "pipeline/models/network_input.hpp"
#include "pipeline/models/residual_stage.hpp"

namespace chorale::models {
namespace {

constexpr std::int64_t kReduction = 16;
constexpr std::size_t kStages = 4;

torch::nn::Linear without_bias(std::int64_t inputs, std::int64_t outputs) {
  return torch::nn::Linear(torch::nn::LinearOptions(inputs, outputs).bias(false));
}

}  // namespace

ChannelAttentionImpl::ChannelAttentionImpl(std::int64_t channels) {
  const std::int64_t reduced = std::max<std::int64_t>(channels / kReduction, 1);
  mlp_ = register_module("mlp", torch::nn::Sequential(without_bias(channels, reduced), torch::nn::ReLU(),
                                                      without_bias(reduced, channels)));
}

torch::Tensor ChannelAttentionImpl::forward(const torch::Tensor& image) {
  const auto scale = torch::sigmoid(mlp_->forward(image.mean({2, 3})) + mlp_->forward(image.amax({2, 3})));
  return image * scale.unsqueeze(2).unsqueeze(3);
}

ResNetAttention::ResNetAttention(const config::Model& options, InputShape, std::int64_t outputs) {
  require_channels(options, kStages);
  std::int64_t channels = options.channels->front();
  conv1_ = register_module("conv1", stem_convolution(1, channels));
  bn1_ = register_module("bn1", BatchNorm(channels));
  for (std::size_t i = 0; i < kStages; ++i) {
    const std::int64_t width = (*options.channels)[i];
    const std::string number = std::to_string(i + 1);
    stages_.push_back(register_module(
        "layer" + number,
        residual_stage({.inputs = channels, .width = width, .blocks = 2, .stride = i == 0 ? 1 : 2})));
    attentions_.push_back(register_module("attention" + number, ChannelAttention(width)));
    channels = width;
  }
  hidden_ = register_module("hidden", hidden_layers(channels, *options.hidden, *options.dropout));
  add_output(options.hidden->back(), outputs);
  initialise_convolutions(*this);
}

torch::Tensor ResNetAttention::embed(const Inputs& inputs) {
  torch::Tensor x = stem(conv1_, bn1_, image_of(inputs));
  for (std::size_t i = 0; i < kStages; ++i) x = attentions_[i]->forward(stages_[i]->forward(x));
  return hidden_->forward(x.mean({2, 3}));
}

}  // namespace chorale::models
