#include "pipeline/models/batch_norm.hpp"

#include "pipeline/kernels/normalise.hpp"

namespace chorale::models {

BatchNormImpl::BatchNormImpl(std::int64_t channels)
    : weight(register_parameter("weight", torch::ones({channels}))),
      bias(register_parameter("bias", torch::zeros({channels}))),
      running_mean(register_buffer("running_mean", torch::zeros({channels}))),
      running_var(register_buffer("running_var", torch::ones({channels}))),
      num_batches_tracked(register_buffer("num_batches_tracked", torch::tensor(0, torch::kInt64))) {}

torch::Tensor BatchNormImpl::forward(const torch::Tensor& input) {
  return kernels::normalise(input, next_batch());
}

kernels::BatchNorm BatchNormImpl::next_batch() {
  if (is_training()) num_batches_tracked.add_(1);
  return {.weight = weight,
          .bias = bias,
          .running_mean = running_mean,
          .running_var = running_var,
          .training = is_training(),
          .reducer = reducer_};
}

}  // namespace chorale::models
