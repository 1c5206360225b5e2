// `hybrid`: blocks of convolution, then a bidirectional LSTM over what is left of the frames, hidden layer
// (CSCI 1470). A step is a frame of the last block: all its bins, the channels of a bin side by side. Blocks
// are those of `cnn`, LSTM and what is kept of it those of `lstm`.
#pragma once

#include "pipeline/kernels/recurrent.hpp"
#include "pipeline/models/model.hpp"

namespace chorale::models {

// Clips of any length are read to their last valid frame; near it convolutions see the padding.
class Hybrid : public Model {
 public:
  // Throws UsageError when the pools leave nothing of `input`.
  Hybrid(const config::Model& options, InputShape input, std::int64_t outputs);
  torch::Tensor embed(const Inputs& inputs) override;

 private:
  torch::nn::Sequential blocks_{nullptr};
  kernels::Recurrent recurrent_{nullptr};
  torch::nn::Sequential hidden_{nullptr};
  std::int64_t frames_a_step_ = 1;
};

}  // namespace chorale::models
