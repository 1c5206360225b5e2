// `crnn1d`: convolutions along the frames, then a GRU over what is left of them (MusicGenrePulse). The
// reference names neither activation nor normalisation: convolution, batch normalisation, ReLU, as in its
// `slice_cnn`; dropout before the output as in its `crnn2d`.
#pragma once

#include "pipeline/kernels/recurrent.hpp"
#include "pipeline/models/model.hpp"

namespace chorale::models {

// A block a width of model.channels: convolution over 5 frames of all bins that keeps the number of frames,
// normalisation, ReLU, maximum of 2 frames, dropout. The last valid step of the GRU is kept.
class Crnn1d : public Model {
 public:
  // Throws UsageError when the pools leave nothing of `input`.
  Crnn1d(const config::Model& options, InputShape input, std::int64_t outputs);
  torch::Tensor embed(const Inputs& inputs) override;

 private:
  torch::nn::Sequential blocks_{nullptr};
  kernels::Recurrent recurrent_{nullptr};
  torch::nn::Dropout dropout_{nullptr};
  std::int64_t frames_a_step_ = 1;
};

}  // namespace chorale::models
