// What follows a convolution in every model with images: activation, batch normalisation, maximum pooling and
// dropout, as one operation that reads the convolution's output twice forward and once backward. As library
// calls the same takes three quarters of a training step on a CPU.
//
//   conv -> ReLU -> norm -> pool -> dropout    order = kActivationNorm   (cnn, hybrid)
//   conv -> norm -> ReLU [-> pool]             order = kNormActivation   (slice_cnn, multitask_cnn, resnets)
//   conv -> ELU -> norm -> pool                activation = kElu         (crnn2d)
//   conv -> ReLU -> pool                       no norm                   (vgg_small, vgg16)
//   conv -> norm -> + shortcut -> ReLU         shortcut                  (resnets)
//
// models::ConvBlock is the module around it.
#pragma once

#include <torch/torch.h>

#include <optional>

#include "pipeline/kernels/block_options.hpp"

namespace chorale::kernels {

// Where the sums of batch normalisation are added up over ranks. Without one, a rank normalises with its own
// part of the batch.
class StatisticsReducer {
 public:
  virtual ~StatisticsReducer() = default;
  // Replaces `sums` (float64, on the device of the activations) by its sum over ranks. A layer that
  // normalises with the statistics of the batch calls it once in forward, on [2 * channels + 1]: sums, sums
  // of squares, number of positions; and once in backward, on [2 * channels]: sums of dy and of dy * (x -
  // mean) / deviation. All ranks call it for the same layers in the same order; the part of the batch of one
  // may be empty.
  virtual void add_up(torch::Tensor sums) = 0;
};

// Batch normalisation over all but the channels. Statistics are summed in double; the running variance is
// that of a sample (n - 1), as in torch::nn::BatchNorm2d.
struct BatchNorm {
  torch::Tensor weight, bias, running_mean, running_var;  // [channels] float
  double momentum = 0.1;
  double eps = 1e-5;
  bool training = false;  // normalises with the statistics of the batch, and updates the running ones
  StatisticsReducer* reducer = nullptr;  // must live until backward is done
};

// [n, channels, height, width] -> [n, channels, floor(height / pool.height), floor(width / pool.width)] of
// the same type. Float or bfloat16 on the CPU is computed by one fused kernel and comes back channels_last
// (which the input should be: anything else is copied first); other tensors, and all while an ActivationWatch
// looks on, go through library calls. The same bits on every run, for any number of threads. Not
// differentiable twice.
//
// `shortcut` of a residual network, like x, is added between normalisation and activation; for order
// kNormActivation without pool and dropout.
torch::Tensor conv_tail(const torch::Tensor& x, const std::optional<BatchNorm>& norm,
                        const ConvTailOptions& options, const torch::Tensor& shortcut = {});

// The same behind a 3x3 convolution that keeps the size (zeros outside): `input` [n, in, height, width],
// `weight` [out, in, 3, 3], `bias` [out] or undefined. With a single input channel that needs no gradient -
// the first layer - the convolution is part of the kernel and its output is never stored.
torch::Tensor conv3x3_tail(const torch::Tensor& input, const torch::Tensor& weight, const torch::Tensor& bias,
                           const std::optional<BatchNorm>& norm, const ConvTailOptions& options);

}  // namespace chorale::kernels
