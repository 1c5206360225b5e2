#include "pipeline/models/vgg16.hpp"

#include <array>
#include <optional>

#include "pipeline/kernels/conv_tail.hpp"
#include "pipeline/models/hidden_layers.hpp"
#include "pipeline/models/network_input.hpp"
#include "pipeline/models/residual_stage.hpp"

namespace chorale::models {
namespace {

namespace nn = torch::nn;

constexpr std::array kConvolutions = {2, 2, 3, 3, 3};
constexpr std::int64_t kGrid = 7;  // rows and columns that the classifier sees

}  // namespace

Vgg16::Vgg16(const config::Model& options, InputShape input, std::int64_t outputs)
    : input_channels_(*options.input_channels) {
  require_channels(options, kConvolutions.size());
  require_size(options, input, halvings(options));
  min_frames_ = halvings(options).width;
  features_ = register_module("features", nn::Sequential());
  std::int64_t channels = input_channels_;
  for (std::size_t group = 0; group < kConvolutions.size(); ++group) {
    for (int i = 0; i < kConvolutions[group]; ++i) {
      const std::int64_t width = (*options.channels)[group];
      features_->push_back(nn::Conv2d(nn::Conv2dOptions(channels, width, 3).padding(1)));
      features_->push_back(nn::ReLU(nn::ReLUOptions(/*inplace=*/true)));
      channels = width;
    }
    features_->push_back(nn::MaxPool2d(2));
  }
  hidden_ = register_module("classifier",
                            hidden_layers(channels * kGrid * kGrid, *options.hidden, *options.dropout));
  output_ = hidden_->register_module("6", nn::Linear(options.hidden->back(), outputs));
  initialise();
}

torch::Tensor Vgg16::embed(const Inputs& inputs) {
  torch::Tensor x = image_of_channels(inputs, input_channels_, min_frames_);
  for (std::size_t i = 0; i < features_->size(); ++i) {
    const auto* convolution = features_->ptr(i)->as<nn::Conv2dImpl>();
    if (!convolution) continue;  // ReLU and pool are computed with the convolution before them
    const bool pools = features_->ptr(i + 2)->as<nn::MaxPool2dImpl>() != nullptr;
    x = kernels::conv3x3_tail(x, convolution->weight, convolution->bias, std::nullopt,
                              {.pool = pools ? kernels::PoolSize{2, 2} : kernels::PoolSize{1, 1}});
  }
  return hidden_->forward(torch::adaptive_avg_pool2d(x, {kGrid, kGrid}).flatten(1));
}

void Vgg16::initialise() {
  initialise_convolutions(*features_);
  for (const auto& child : modules(/*include_self=*/false)) {
    if (auto* convolution = child->as<nn::Conv2dImpl>()) nn::init::zeros_(convolution->bias);
    if (auto* linear = child->as<nn::LinearImpl>()) {
      nn::init::normal_(linear->weight, 0, 0.01);
      nn::init::zeros_(linear->bias);
    }
  }
}

}  // namespace chorale::models
