#include "pipeline/models/conv_block.hpp"

namespace chorale::models {

ConvBlockImpl::ConvBlockImpl(const ConvBlockOptions& options)
    : options_(options),
      conv_(torch::nn::Conv2dOptions(options.in_channels, options.out_channels, 3).padding(1)) {
  register_module("conv", conv_);
  if (options.norm == config::Norm::kBatch) {
    norm_ = register_module("norm", torch::nn::BatchNorm2d(options.out_channels));
  }
}

torch::Tensor ConvBlockImpl::forward(const torch::Tensor& input) {
  torch::Tensor x = conv_->forward(input);
  if (options_.order == BlockOrder::kActivationNorm) x = activate(x);
  if (norm_) x = norm_->forward(x);
  if (options_.order == BlockOrder::kNormActivation) x = activate(x);
  const auto [height, width] = options_.pool;
  if (height > 1 || width > 1) x = torch::max_pool2d(x, {height, width});
  return drop(x);
}

torch::Tensor ConvBlockImpl::activate(const torch::Tensor& x) const {
  return options_.activation == Activation::kElu ? torch::elu(x) : torch::relu(x);
}

torch::Tensor ConvBlockImpl::drop(const torch::Tensor& x) const {
  return options_.dropout_kind == DropoutKind::kChannels
             ? torch::feature_dropout(x, options_.dropout, is_training())
             : torch::dropout(x, options_.dropout, is_training());
}

}  // namespace chorale::models
