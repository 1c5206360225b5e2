#include "pipeline/models/crnn1d.hpp"

#include <optional>

#include "pipeline/kernels/conv_tail.hpp"
#include "pipeline/models/network_input.hpp"

namespace chorale::models {
namespace {

constexpr std::int64_t kKernel = 5;

// Along the frames, as a convolution of images that are one bin high: so that channels lie side by side.
class Conv1dBlock : public torch::nn::Module {
 public:
  Conv1dBlock(std::int64_t inputs, std::int64_t outputs, config::Norm norm, double dropout)
      : conv_(torch::nn::Conv1dOptions(inputs, outputs, kKernel).padding(kKernel / 2)), dropout_(dropout) {
    register_module("conv", conv_);
    if (norm == config::Norm::kBatch) norm_ = register_module("norm", BatchNorm(outputs));
  }

  // [batch, inputs, 1, frames] -> [batch, outputs, 1, frames / 2].
  torch::Tensor forward(const torch::Tensor& input) {
    const torch::Tensor x = torch::conv2d(input, conv_->weight.unsqueeze(2), conv_->bias, /*stride=*/1,
                                          /*padding=*/at::IntArrayRef{0, kKernel / 2});
    std::optional<kernels::BatchNorm> norm;
    if (norm_) norm = norm_->next_batch();
    return kernels::conv_tail(x, norm,
                              {.order = kernels::BlockOrder::kNormActivation,
                               .pool = {1, 2},
                               .dropout = is_training() ? dropout_ : 0});
  }

 private:
  torch::nn::Conv1d conv_;
  BatchNorm norm_{nullptr};
  double dropout_;
};

}  // namespace

Crnn1d::Crnn1d(const config::Model& options, InputShape input, std::int64_t outputs) {
  frames_a_step_ = halvings(options).width;
  require_size(options, input, {1, frames_a_step_});
  blocks_ = register_module("blocks", torch::nn::Sequential());
  std::int64_t channels = input.bins;
  for (const std::int64_t width : *options.channels) {
    blocks_->push_back(std::make_shared<Conv1dBlock>(channels, width, *options.norm, *options.conv_dropout));
    channels = width;
  }
  recurrent_ = register_module(
      "recurrent", kernels::Recurrent(kernels::RecurrentOptions{.cell = kernels::Cell::kGru,
                                                                .inputs = channels,
                                                                .units = *options.units,
                                                                .layers = *options.layers,
                                                                .dropout = *options.rnn_dropout}));
  dropout_ = register_module("dropout", torch::nn::Dropout(options.dropout->front()));
  add_output(*options.units, outputs);
}

torch::Tensor Crnn1d::embed(const Inputs& inputs) {
  const torch::Tensor steps = sequence_of_image(blocks_->forward(row_of(inputs, frames_a_step_)));
  return dropout_->forward(recurrent_->last(steps, steps_of(inputs.lengths, frames_a_step_)));
}

}  // namespace chorale::models
