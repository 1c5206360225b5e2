// `multitask_cnn`: convolutions over the spectrogram beside hidden layers over the clip's features, fused;
// all tasks from the last layer (music-classification-model). Layers of the feature branch and of the fusion
// drop out as the last one of the spectrogram branch does.
#pragma once

#include "pipeline/models/model.hpp"

namespace chorale::models {

// Spectrogram: a block a width of model.channels (convolution, normalisation, ReLU, 2x2 pool but in the last,
// dropout of whole channels), average to 4 x 4, model.hidden. Features: hidden layers of units, units, units
// / 2, units / 4. Fusion: both side by side, hidden layers of 2 * units, units. Clips of any length are
// averaged with their padding.
class MultitaskCnn : public Model {
 public:
  // Throws UsageError when the pools leave nothing of `input`, and when it has no feature vector.
  MultitaskCnn(const config::Model& options, InputShape input, std::int64_t outputs);
  torch::Tensor embed(const Inputs& inputs) override;

 private:
  std::int64_t min_frames_;
  torch::nn::Sequential blocks_{nullptr}, spectrogram_{nullptr}, features_{nullptr}, fusion_{nullptr};
};

}  // namespace chorale::models
