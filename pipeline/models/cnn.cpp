#include "pipeline/models/cnn.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/runtime/error.hpp"

namespace chorale::models {

Cnn::Cnn(const config::Model& options, InputShape input, std::int64_t outputs)
    : dropout_(options.dropout->front()) {
  const auto halvings = options.channels->size();
  const auto smaller = input.frames == 0 ? input.bins : std::min(input.bins, input.frames);
  if (halvings >= 63 || smaller >> halvings == 0) {
    throw runtime::UsageError(
        fmt::format("cnn: {} blocks halve the input {} times, but it has only {} bins x {} frames; shorten "
                    "model.channels or raise train.slice_seconds",
                    halvings, halvings, input.bins, input.frames));
  }
  register_module("blocks", blocks_);
  std::int64_t channels = 1;
  for (const std::int64_t width : *options.channels) {
    blocks_->push_back(ConvBlock(ConvBlockOptions{channels, width, *options.norm, *options.conv_dropout}));
    channels = width;
  }
  hidden_ = register_module("hidden", torch::nn::Linear(channels, options.hidden->front()));
  output_ = register_module("output", torch::nn::Linear(options.hidden->front(), outputs));
}

torch::Tensor Cnn::embed(const Inputs& inputs) {
  torch::Tensor x = inputs.frames.contiguous(at::MemoryFormat::ChannelsLast);
  for (const auto& block : *blocks_) x = block->as<ConvBlock>()->forward(x);
  x = torch::relu(hidden_->forward(x.mean({2, 3})));
  return torch::dropout(x, dropout_, is_training());
}

torch::Tensor Cnn::classify(const torch::Tensor& embedding) { return output_->forward(embedding); }

}  // namespace chorale::models
