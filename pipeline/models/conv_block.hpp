// Convolution, activation, normalisation, pooling and dropout as one module around one fused kernel
// (pipeline/kernels/conv_tail.hpp).
#pragma once

#include <torch/torch.h>

#include "pipeline/config/experiment.hpp"
#include "pipeline/kernels/conv_tail.hpp"
#include "pipeline/models/batch_norm.hpp"

namespace chorale::models {

using kernels::Activation;
using kernels::BlockOrder;
using kernels::DropoutKind;
using kernels::PoolSize;

struct ConvBlockOptions {
  std::int64_t in_channels = 1;
  std::int64_t out_channels = 32;
  config::Norm norm = config::Norm::kBatch;  // kNone: no normalisation layer at all
  double dropout = 0.25;
  BlockOrder order = BlockOrder::kActivationNorm;
  Activation activation = Activation::kRelu;
  PoolSize pool = {};
  DropoutKind dropout_kind = DropoutKind::kValues;
};

// [batch, in, height, width] -> [batch, out, floor(height / pool.height), floor(width / pool.width)]: 3x3
// convolution that keeps the size (zeros outside), activation and batch normalisation in either order,
// maximum over pool.height x pool.width, dropout. The normalisation uses the statistics of the batch while
// its own layer is in training mode; a frozen one is not, though the block is.
class ConvBlockImpl : public torch::nn::Module {
 public:
  explicit ConvBlockImpl(const ConvBlockOptions& options);
  torch::Tensor forward(const torch::Tensor& input);

 private:
  ConvBlockOptions options_;
  torch::nn::Conv2d conv_;
  BatchNorm norm_{nullptr};
};
TORCH_MODULE(ConvBlock);

}  // namespace chorale::models
