// `slice_cnn`: pairs of convolutions, two hidden layers (MusicGenrePulse). The reference does not say how the
// hidden layers drop out: as its blocks.
#pragma once

#include "pipeline/models/model.hpp"

namespace chorale::models {

// A block a width of model.channels: twice convolution, normalisation, ReLU; then 2x2 pool and dropout of
// whole channels. What is left of the image is flattened, so the number of frames is fixed. Hidden layers are
// normalised as the blocks are.
class SliceCnn : public Model {
 public:
  // Throws UsageError when the pools leave nothing of `input`, and for clips of any length.
  SliceCnn(const config::Model& options, InputShape input, std::int64_t outputs);
  torch::Tensor embed(const Inputs& inputs) override;

 private:
  torch::nn::Sequential blocks_{nullptr};
  torch::nn::Sequential hidden_{nullptr};
};

}  // namespace chorale::models
