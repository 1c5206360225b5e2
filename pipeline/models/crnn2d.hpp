// `crnn2d`: convolutions over bins and frames, then a GRU over what is left of the frames (MusicGenrePulse,
// after Nasrullah and Zhao 2019, arXiv 1901.04555, figure 2: normalisation of the input by bin, and after
// each activation).
#pragma once

#include "pipeline/kernels/recurrent.hpp"
#include "pipeline/models/batch_norm.hpp"
#include "pipeline/models/model.hpp"

namespace chorale::models {

// A block a width of model.channels: convolution, ELU, normalisation, pool (2 bins x 2 frames in the first, 4
// x 2 in the others), dropout. model.norm covers the input and the blocks. The last valid step of the GRU is
// kept.
class Crnn2d : public Model {
 public:
  // Throws UsageError when the pools leave nothing of `input`.
  Crnn2d(const config::Model& options, InputShape input, std::int64_t outputs);
  torch::Tensor embed(const Inputs& inputs) override;

 private:
  BatchNorm input_norm_{nullptr};
  torch::nn::Sequential blocks_{nullptr};
  kernels::Recurrent recurrent_{nullptr};
  torch::nn::Dropout dropout_{nullptr};
  std::int64_t frames_a_step_ = 1;
};

}  // namespace chorale::models
