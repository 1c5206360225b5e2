#include "pipeline/models/slice_cnn.hpp"

#include "pipeline/models/hidden_layers.hpp"
#include "pipeline/models/network_input.hpp"

namespace chorale::models {
namespace {

class SliceBlock : public torch::nn::Module {
 public:
  SliceBlock(std::int64_t inputs, std::int64_t outputs, config::Norm norm, double dropout)
      : first_(ConvBlockOptions{.in_channels = inputs,
                                .out_channels = outputs,
                                .norm = norm,
                                .dropout = 0,
                                .order = BlockOrder::kNormActivation,
                                .pool = {1, 1}}),
        second_(ConvBlockOptions{.in_channels = outputs,
                                 .out_channels = outputs,
                                 .norm = norm,
                                 .dropout = dropout,
                                 .order = BlockOrder::kNormActivation,
                                 .dropout_kind = DropoutKind::kChannels}) {
    register_module("first", first_);
    register_module("second", second_);
  }
  torch::Tensor forward(const torch::Tensor& x) { return second_->forward(first_->forward(x)); }

 private:
  ConvBlock first_, second_;
};

}  // namespace

SliceCnn::SliceCnn(const config::Model& options, InputShape input, std::int64_t outputs) {
  const PoolSize pooled = halvings(options);
  require_slices(options, input);
  require_size(options, input, pooled);
  blocks_ = register_module("blocks", torch::nn::Sequential());
  std::int64_t channels = 1;
  for (const std::int64_t width : *options.channels) {
    blocks_->push_back(std::make_shared<SliceBlock>(channels, width, *options.norm, *options.conv_dropout));
    channels = width;
  }
  const std::int64_t left = input.bins / pooled.height * (input.frames / pooled.width) * channels;
  hidden_ = register_module("hidden", hidden_layers(left, *options.hidden, *options.dropout, *options.norm));
  add_output(options.hidden->back(), outputs);
}

torch::Tensor SliceCnn::embed(const Inputs& inputs) {
  return hidden_->forward(blocks_->forward(image_of(inputs)).flatten(1));
}

}  // namespace chorale::models
