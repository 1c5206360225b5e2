#include "pipeline/models/conv_block.hpp"

namespace chorale::models {

ConvBlockImpl::ConvBlockImpl(const ConvBlockOptions& options)
    : options_(options),
      conv_(torch::nn::Conv2dOptions(options.in_channels, options.out_channels, 3).padding(1)) {
  register_module("conv", conv_);
  if (options.norm == config::Norm::kBatch) {
    norm_ = register_module("norm", BatchNorm(options.out_channels));
  }
}

torch::Tensor ConvBlockImpl::forward(const torch::Tensor& input) {
  std::optional<kernels::BatchNorm> norm;
  if (norm_) norm = norm_->next_batch();
  return kernels::conv3x3_tail(input, conv_->weight, conv_->bias, norm,
                               {.activation = options_.activation,
                                .order = options_.order,
                                .pool = options_.pool,
                                .dropout_kind = options_.dropout_kind,
                                .dropout = is_training() ? options_.dropout : 0});
}

}  // namespace chorale::models
