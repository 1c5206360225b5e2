// Where in its input a network finds what it says.
#pragma once

#include "pipeline/models/model.hpp"

namespace chorale::models {

enum class AttributionMethod {
  kGradCam,   // of models with convolutions
  kSaliency,  // of recurrent ones
};

struct Attribution {
  AttributionMethod method;
  torch::Tensor
      map;  // [batch, bins, frames]: shares of a sample's largest value; all 0 where nothing speaks for it
};

// What of each sample speaks for one output: sample i's is outputs[i] ([batch] int64), a logit, before
// softmax or sigmoid. The model must be in evaluation mode.
//   Grad-CAM (Selvaraju et al. 2017, arXiv 1610.02391, equations 1 and 2): the activation of the last
//     convolution (kernels::ActivationWatch), channels weighted by their mean gradient and summed, ReLU,
//     bilinearly upsampled to the input. `crnn1d` convolves along time alone: the same for all bins.
//   Saliency (Simonyan et al. 2013, arXiv 1312.6034, section 3): |d output / d input|, not smoothed; the
//   input
//     is the normalised one.
Attribution attribute(Model& model, const Inputs& inputs, const torch::Tensor& outputs);

}  // namespace chorale::models
