#include "pipeline/models/crnn2d.hpp"

#include "pipeline/models/conv_block.hpp"
#include "pipeline/models/network_input.hpp"

namespace chorale::models {
namespace {

constexpr PoolSize kFirstPool{2, 2}, kOtherPools{4, 2};

}  // namespace

Crnn2d::Crnn2d(const config::Model& options, InputShape input, std::int64_t outputs) {
  if (*options.norm == config::Norm::kBatch) {
    input_norm_ = register_module("input_norm", BatchNorm(input.bins));
  }
  blocks_ = register_module("blocks", torch::nn::Sequential());
  std::int64_t channels = 1;
  PoolSize pooled{1, 1};
  for (const std::int64_t width : *options.channels) {
    const PoolSize pool = blocks_->is_empty() ? kFirstPool : kOtherPools;
    blocks_->push_back(ConvBlock(ConvBlockOptions{.in_channels = channels,
                                                  .out_channels = width,
                                                  .norm = *options.norm,
                                                  .dropout = *options.conv_dropout,
                                                  .activation = Activation::kElu,
                                                  .pool = pool}));
    channels = width;
    pooled = {pooled.height * pool.height, pooled.width * pool.width};
  }
  require_size(options, input, pooled);
  frames_a_step_ = pooled.width;
  recurrent_ = register_module("recurrent", kernels::Recurrent(kernels::RecurrentOptions{
                                                .cell = kernels::Cell::kGru,
                                                .inputs = input.bins / pooled.height * channels,
                                                .units = *options.units,
                                                .layers = *options.layers,
                                                .dropout = *options.rnn_dropout}));
  dropout_ = register_module("dropout", torch::nn::Dropout(options.dropout->front()));
  add_output(*options.units, outputs);
}

torch::Tensor Crnn2d::embed(const Inputs& inputs) {
  torch::Tensor x = image_of(inputs, frames_a_step_);
  if (input_norm_) x = input_norm_->forward(x.squeeze(1)).unsqueeze(1);
  x = sequence_of_image(blocks_->forward(x));
  x = recurrent_->last(x, steps_of(inputs.lengths, frames_a_step_));
  return dropout_->forward(x);
}

}  // namespace chorale::models
