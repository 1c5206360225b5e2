// `cnn`: blocks of convolution, global average pool, hidden layer (CSCI 1470). `vgg_small` (the spectrogram
// system) is the same without normalisation and dropout in its blocks: its defaults say so.
#pragma once

#include "pipeline/models/model.hpp"

namespace chorale::models {

// One block a width of model.channels: convolution, ReLU, normalisation, 2x2 pool, dropout.
torch::nn::Sequential cnn_blocks(const config::Model& options);

// cnn_blocks, mean over what is left of the image, hidden layer, output layer. Works on channels_last
// activations. Clips of any length are averaged with their padding.
class Cnn : public Model {
 public:
  // Throws UsageError when the pools leave nothing of `input`.
  Cnn(const config::Model& options, InputShape input, std::int64_t outputs);
  torch::Tensor embed(const Inputs& inputs) override;

 private:
  torch::nn::Sequential blocks_{nullptr};
  torch::nn::Sequential hidden_{nullptr};
  std::int64_t min_frames_ = 1;
};

}  // namespace chorale::models
