#include "pipeline/models/multitask_cnn.hpp"

#include <algorithm>

#include "pipeline/models/conv_block.hpp"
#include "pipeline/models/hidden_layers.hpp"
#include "pipeline/models/network_input.hpp"
#include "pipeline/runtime/error.hpp"

namespace chorale::models {
namespace {

constexpr std::int64_t kGrid = 4;  // rows and columns that the spectrogram branch ends with

void require_vector(const config::Model& options, InputShape input) {
  if (input.vector > 0) return;
  throw runtime::UsageError(
      "model.name = \"" + options.name +
      "\" learns from the features of a clip beside its spectrogram; set train.vector = "
      "\"features_103\", with a store whose features.store lists \"features_103\"");
}

}  // namespace

MultitaskCnn::MultitaskCnn(const config::Model& options, InputShape input, std::int64_t outputs) {
  require_vector(options, input);
  const PoolSize pooled = halvings(options);
  min_frames_ = pooled.width / 2;  // the last block does not pool
  require_size(options, input, {pooled.height / 2, min_frames_});
  blocks_ = register_module("blocks", torch::nn::Sequential());
  std::int64_t channels = 1;
  for (const std::int64_t width : *options.channels) {
    const bool last = blocks_->size() + 1 == options.channels->size();
    blocks_->push_back(ConvBlock(ConvBlockOptions{.in_channels = channels,
                                                  .out_channels = width,
                                                  .norm = *options.norm,
                                                  .dropout = *options.conv_dropout,
                                                  .order = BlockOrder::kNormActivation,
                                                  .pool = last ? PoolSize{1, 1} : PoolSize{2, 2},
                                                  .dropout_kind = DropoutKind::kChannels}));
    channels = width;
  }
  const std::int64_t units = *options.units;
  const std::vector<std::int64_t> features = {units, units, std::max<std::int64_t>(units / 2, 1),
                                              std::max<std::int64_t>(units / 4, 1)};
  const std::vector<double> dropout = {options.dropout->back()};
  spectrogram_ = register_module("spectrogram",
                                 hidden_layers(channels * kGrid * kGrid, *options.hidden, *options.dropout));
  features_ = register_module("features", hidden_layers(input.vector, features, dropout));
  fusion_ = register_module(
      "fusion", hidden_layers(options.hidden->back() + features.back(), {2 * units, units}, dropout));
  add_output(units, outputs);
}

torch::Tensor MultitaskCnn::embed(const Inputs& inputs) {
  const torch::Tensor image = blocks_->forward(image_of(inputs, min_frames_));
  const torch::Tensor seen =
      spectrogram_->forward(torch::adaptive_avg_pool2d(image, {kGrid, kGrid}).flatten(1));
  return fusion_->forward(torch::cat({seen, features_->forward(inputs.vector)}, 1));
}

}  // namespace chorale::models
