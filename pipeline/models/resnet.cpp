#include "pipeline/models/resnet.hpp"

#include "pipeline/models/network_input.hpp"

namespace chorale::models {

ResNet::ResNet(const config::Model& options, ResidualBlock block, const std::vector<std::int64_t>& blocks,
               std::int64_t outputs)
    : input_channels_(*options.input_channels) {
  require_channels(options, blocks.size());
  std::int64_t channels = options.channels->front();
  conv1_ = register_module("conv1", stem_convolution(input_channels_, channels));
  bn1_ = register_module("bn1", BatchNorm(channels));
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const std::int64_t width = (*options.channels)[i];
    stages_.push_back(
        register_module("layer" + std::to_string(i + 1), residual_stage({.block = block,
                                                                         .inputs = channels,
                                                                         .width = width,
                                                                         .blocks = blocks[i],
                                                                         .stride = i == 0 ? 1 : 2})));
    channels = stage_outputs(block, width);
  }
  add_output(channels, outputs);
  initialise_convolutions(*this);
}

torch::Tensor ResNet::embed(const Inputs& inputs) {
  torch::Tensor x = stem(conv1_, bn1_, image_of_channels(inputs, input_channels_));
  for (auto& stage : stages_) x = stage->forward(x);
  return x.mean({2, 3});
}

}  // namespace chorale::models
