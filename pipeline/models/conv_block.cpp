#include "pipeline/models/conv_block.hpp"

namespace chorale::models {

ConvBlockImpl::ConvBlockImpl(const ConvBlockOptions& options)
    : conv_(torch::nn::Conv2dOptions(options.in_channels, options.out_channels, 3).padding(1)),
      dropout_(options.dropout) {
  register_module("conv", conv_);
  if (options.norm == config::Norm::kBatch) {
    norm_ = register_module("norm", torch::nn::BatchNorm2d(options.out_channels));
  }
}

torch::Tensor ConvBlockImpl::forward(const torch::Tensor& input) {
  torch::Tensor x = torch::relu(conv_->forward(input));
  if (norm_) x = norm_->forward(x);
  return torch::dropout(torch::max_pool2d(x, 2), dropout_, is_training());
}

}  // namespace chorale::models
