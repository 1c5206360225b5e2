#include "pipeline/kernels/tail/batch_statistics.hpp"

#include <algorithm>
#include <cmath>

namespace chorale::kernels {
namespace {

// [rows, channels] of `sums`, and behind them `count`, in a tensor for a reducer.
torch::Tensor for_reducer(std::span<const double> sums, std::optional<double> count) {
  const auto n = static_cast<std::int64_t>(sums.size());
  torch::Tensor tensor = torch::empty({n + (count ? 1 : 0)}, torch::kFloat64);
  std::copy(sums.begin(), sums.end(), tensor.mutable_data_ptr<double>());
  if (count) tensor.mutable_data_ptr<double>()[n] = *count;
  return tensor;
}

ChannelStatistics no_normalisation(std::size_t channels) {
  const std::vector<float> zeros(channels, 0.0F);
  return {
      .scale = std::vector<float>(channels, 1.0F), .shift = zeros, .mean = zeros, .inverse_deviation = zeros};
}

// Fills channel c for a mean and a variance (of the whole population).
void set_channel(ChannelStatistics& statistics, const BatchNorm& norm, std::size_t c, double mean,
                 double variance) {
  const double inverse = 1 / std::sqrt(variance + norm.eps);
  const double scale = static_cast<double>(norm.weight.const_data_ptr<float>()[c]) * inverse;
  statistics.mean[c] = static_cast<float>(mean);
  statistics.inverse_deviation[c] = static_cast<float>(inverse);
  statistics.scale[c] = static_cast<float>(scale);
  statistics.shift[c] =
      static_cast<float>(static_cast<double>(norm.bias.const_data_ptr<float>()[c]) - scale * mean);
}

}  // namespace

ChannelStatistics constant_statistics(const std::optional<BatchNorm>& norm, std::int64_t channels) {
  ChannelStatistics statistics = no_normalisation(static_cast<std::size_t>(channels));
  if (!norm) return statistics;
  const float* mean = norm->running_mean.const_data_ptr<float>();
  const float* variance = norm->running_var.const_data_ptr<float>();
  for (std::size_t c = 0; c < statistics.mean.size(); ++c) {
    set_channel(statistics, *norm, c, static_cast<double>(mean[c]), static_cast<double>(variance[c]));
  }
  return statistics;
}

ChannelStatistics batch_statistics(const BatchNorm& norm, std::span<const double> sums,
                                   std::span<const float> origin, std::int64_t positions) {
  const std::size_t channels = origin.size();
  torch::Tensor totals = for_reducer(sums, static_cast<double>(positions));
  double* sum = totals.mutable_data_ptr<double>();
  double* square = sum + channels;
  for (std::size_t c = 0; c < channels; ++c) {  // of a, rather than of a - origin
    const auto zero = static_cast<double>(origin[c]);
    square[c] += zero * (2 * sum[c] + static_cast<double>(positions) * zero);
    sum[c] += static_cast<double>(positions) * zero;
  }
  if (norm.reducer != nullptr) norm.reducer->add_up(totals);

  const double n = sum[2 * channels];
  if (n == 0) return constant_statistics(norm, static_cast<std::int64_t>(channels));
  ChannelStatistics statistics = no_normalisation(channels);
  statistics.positions = n;
  float* running_mean = norm.running_mean.mutable_data_ptr<float>();
  float* running_variance = norm.running_var.mutable_data_ptr<float>();
  const auto update = [&](float& running, double value) {
    running = static_cast<float>((1 - norm.momentum) * static_cast<double>(running) + norm.momentum * value);
  };
  for (std::size_t c = 0; c < channels; ++c) {
    const double mean = sum[c] / n;
    // std::max would turn not-a-number into 0.
    const double raw = square[c] / n - mean * mean;
    const double variance = raw < 0 ? 0 : raw;
    set_channel(statistics, norm, c, mean, variance);
    update(running_mean[c], mean);
    update(running_variance[c], variance * n / std::max(n - 1, 1.0));
  }
  return statistics;
}

BackwardCoefficients backward_coefficients(const ChannelStatistics& statistics, std::span<const double> sums,
                                           StatisticsReducer* reducer) {
  const std::size_t channels = statistics.mean.size();
  const auto n = static_cast<std::int64_t>(channels);
  torch::Tensor totals = for_reducer(sums, std::nullopt);
  double* total = totals.mutable_data_ptr<double>();
  BackwardCoefficients result{.offset = std::vector<float>(channels, 0.0F),
                              .slope = std::vector<float>(channels, 0.0F),
                              .weight_gradient = torch::empty({n}, torch::kFloat32),
                              .bias_gradient = torch::empty({n}, torch::kFloat32)};
  for (std::size_t c = 0; c < channels; ++c) {
    total[channels + c] *= static_cast<double>(statistics.inverse_deviation[c]);
    result.bias_gradient.mutable_data_ptr<float>()[c] = static_cast<float>(total[c]);
    result.weight_gradient.mutable_data_ptr<float>()[c] = static_cast<float>(total[channels + c]);
  }
  if (statistics.positions == 0) return result;
  if (reducer != nullptr) reducer->add_up(totals);
  for (std::size_t c = 0; c < channels; ++c) {
    const double factor = -static_cast<double>(statistics.scale[c]) / statistics.positions;
    result.offset[c] = static_cast<float>(factor * total[c]);
    result.slope[c] = static_cast<float>(factor * static_cast<double>(statistics.inverse_deviation[c]) *
                                         total[channels + c]);
  }
  return result;
}

}  // namespace chorale::kernels
