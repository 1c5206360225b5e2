// What the two autograd functions of conv_tail.hpp share: which kernels, for which activations, and what is
// kept between forward and backward.
#pragma once

#include <torch/torch.h>

#include <functional>
#include <initializer_list>
#include <optional>
#include <vector>

#include "pipeline/kernels/conv_tail.hpp"
#include "pipeline/kernels/tail/batch_statistics.hpp"
#include "pipeline/kernels/tail/kernels.hpp"

namespace chorale::kernels {

Element element_of(torch::ScalarType type);

// Of forward, for backward, beside tensors.
struct TailState : torch::CustomClassHolder {
  // `x` [n, channels, height, width]: float or bfloat16.
  TailState(torch::IntArrayRef x, torch::ScalarType type, const std::optional<BatchNorm>& norm,
            const ConvTailOptions& options);

  torch::Tensor empty_output() const;  // channels_last
  torch::Tensor empty_winners() const;
  const TailKernels& kernels() const { return *kernels_; }
  // Without what is read and written, which the caller adds; the tensors must live as long as the pass.
  ForwardPass forward_pass() const;
  BackwardPass backward_pass(const torch::Tensor& out_gradient, const torch::Tensor& winners) const;

  Geometry geometry;
  torch::ScalarType type;
  bool normalised;
  StatisticsReducer* reducer;
  DropoutMask dropout;
  ChannelStatistics statistics;

 private:
  const TailKernels* kernels_;
};

constexpr std::int64_t kPositionsAPart = 256;  // whose sums take much longer than to add them up

// An autograd function takes no undefined tensors.
using MaybeTensor = std::optional<torch::Tensor>;
MaybeTensor maybe(const torch::Tensor& tensor);

// Whether something is to be differentiated here.
bool needs_backward(std::initializer_list<MaybeTensor> tensors);

// compute(first, last, part) adds to `sums` numbers for parts of [0, n), of at least `least` numbers
// where there are as many; the parts and the order in which their sums are added do not depend on the number
// of threads.
std::vector<double> sum_in_parts(std::int64_t n, std::int64_t least, std::int64_t sums,
                                 const std::function<void(std::int64_t, std::int64_t, double*)>& compute);

}  // namespace chorale::kernels
