// What batch normalisation does between the passes over the activations, one number a channel.
#pragma once

#include <torch/torch.h>

#include <optional>
#include <span>
#include <vector>

#include "pipeline/kernels/conv_tail.hpp"

namespace chorale::kernels {

// Of each channel; without normalisation scale is 1 and the others are 0.
struct ChannelStatistics {
  std::vector<float> scale, shift;  // z = scale a + shift
  std::vector<float> mean, inverse_deviation;
  double positions = 0;  // over all ranks; 0: not the statistics of a batch, but constants
};

// Without a batch: of the running statistics, or of no normalisation.
ChannelStatistics constant_statistics(const std::optional<BatchNorm>& norm, std::int64_t channels);

// Of a batch of `positions` on this rank, from sums[0, c] of a - origin and sums[1, c] of its square.
// Collective when `norm` has a reducer. Updates the running statistics; of a single position the variance
// counts as 0.
ChannelStatistics batch_statistics(const BatchNorm& norm, std::span<const double> sums,
                                   std::span<const float> origin, std::int64_t positions);

// dx = scale dz + offset + slope (a - mean).
struct BackwardCoefficients {
  std::vector<float> offset, slope;
  torch::Tensor weight_gradient, bias_gradient;  // [channels] float, of this rank
};

// From sums[0, c] of dz and sums[1, c] of dz (a - mean) on this rank. Collective when there is a reducer.
BackwardCoefficients backward_coefficients(const ChannelStatistics& statistics, std::span<const double> sums,
                                           StatisticsReducer* reducer);

}  // namespace chorale::kernels
