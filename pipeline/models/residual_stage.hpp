// Stages of residual networks, as in torchvision.models.resnet (0.28), by its names.
#pragma once

#include <torch/torch.h>

#include "pipeline/models/batch_norm.hpp"

namespace chorale::models {

enum class ResidualBlock {
  kBasic,      // two 3x3 convolutions
  kBottleneck  // 1x1, 3x3 (which strides), 1x1 to four times the width
};

// Channels that blocks of `width` deliver.
std::int64_t stage_outputs(ResidualBlock block, std::int64_t width);

struct StageOptions {
  ResidualBlock block = ResidualBlock::kBasic;
  std::int64_t inputs = 64;  // channels
  std::int64_t width = 64;   // of the 3x3 convolutions
  std::int64_t blocks = 2;
  std::int64_t stride = 1;  // of the first block
};

// [batch, inputs, h, w] -> [batch, stage_outputs(), ceil(h / stride), ceil(w / stride)].
torch::nn::Sequential residual_stage(const StageOptions& options);

// What comes before the stages: 7x7 convolution of stride 2, batch normalisation and ReLU, then the maximum
// of 3x3 at stride 2. The two layers are the caller's, who names them.
torch::nn::Conv2d stem_convolution(std::int64_t inputs, std::int64_t outputs);
torch::Tensor stem(torch::nn::Conv2d& convolution, BatchNorm& norm, const torch::Tensor& input);

// Weights of every convolution in `module` from He's normal distribution by fan-out, for ReLU.
void initialise_convolutions(torch::nn::Module& module);

}  // namespace chorale::models
