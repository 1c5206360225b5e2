#include "pipeline/kernels/conv_tail.hpp"

#include "pipeline/kernels/library_tail.hpp"

namespace chorale::kernels {

BatchNorm batch_norm(torch::nn::BatchNorm2dImpl& module, StatisticsReducer* reducer) {
  if (module.is_training()) module.num_batches_tracked.add_(1);
  return {.weight = module.weight,
          .bias = module.bias,
          .running_mean = module.running_mean,
          .running_var = module.running_var,
          .momentum = module.options.momentum().value(),
          .eps = module.options.eps(),
          .training = module.is_training(),
          .reducer = reducer};
}

torch::Tensor conv_tail(const torch::Tensor& x, const std::optional<BatchNorm>& norm,
                        const ConvTailOptions& options) {
  return library_tail(x, norm, options);
}

torch::Tensor conv3x3_tail(const torch::Tensor& input, const torch::Tensor& weight, const torch::Tensor& bias,
                           const std::optional<BatchNorm>& norm, const ConvTailOptions& options) {
  return conv_tail(torch::conv2d(input, weight, bias, 1, 1), norm, options);
}

}  // namespace chorale::kernels
