// Convolution -> ReLU -> normalisation -> pooling -> dropout as one module, so that what happens between the
// convolution and the next block can become one kernel behind this interface.
#pragma once

#include <torch/torch.h>

#include "pipeline/config/experiment.hpp"

namespace chorale::models {

struct ConvBlockOptions {
  std::int64_t in_channels = 1;
  std::int64_t out_channels = 32;
  config::Norm norm = config::Norm::kBatch;  // kNone: no normalisation layer at all
  double dropout = 0.25;
};

// [batch, in, height, width] -> [batch, out, floor(height / 2), floor(width / 2)]: 3x3 convolution that keeps
// the size (zeros outside), ReLU, batch normalisation, 2x2 maximum, dropout of single values.
class ConvBlockImpl : public torch::nn::Module {
 public:
  explicit ConvBlockImpl(const ConvBlockOptions& options);
  torch::Tensor forward(const torch::Tensor& input);

 private:
  torch::nn::Conv2d conv_;
  torch::nn::BatchNorm2d norm_{nullptr};
  double dropout_;
};
TORCH_MODULE(ConvBlock);

}  // namespace chorale::models
