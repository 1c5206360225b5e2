#include "pipeline/models/cnn.hpp"

#include "pipeline/models/conv_block.hpp"
#include "pipeline/models/hidden_layers.hpp"
#include "pipeline/models/network_input.hpp"

namespace chorale::models {

torch::nn::Sequential cnn_blocks(const config::Model& options) {
  torch::nn::Sequential blocks;
  std::int64_t channels = 1;
  for (const std::int64_t width : *options.channels) {
    blocks->push_back(ConvBlock(ConvBlockOptions{.in_channels = channels,
                                                 .out_channels = width,
                                                 .norm = *options.norm,
                                                 .dropout = *options.conv_dropout}));
    channels = width;
  }
  return blocks;
}

Cnn::Cnn(const config::Model& options, InputShape input, std::int64_t outputs) {
  require_size(options, input, halvings(options));
  min_frames_ = halvings(options).width;
  blocks_ = register_module("blocks", cnn_blocks(options));
  hidden_ =
      register_module("hidden", hidden_layers(options.channels->back(), *options.hidden, *options.dropout));
  add_output(options.hidden->back(), outputs);
}

torch::Tensor Cnn::embed(const Inputs& inputs) {
  const torch::Tensor x = blocks_->forward(image_of(inputs, min_frames_));
  return hidden_->forward(x.mean({2, 3}));
}

}  // namespace chorale::models
