// The batch normalisation layer of all models.
#pragma once

#include <torch/torch.h>

#include "pipeline/kernels/conv_tail.hpp"

namespace chorale::models {

// torch.nn.BatchNorm1d or 2d by names and results: [n, channels] or [n, channels, ...] -> the same.
class BatchNormImpl : public torch::nn::Module {
 public:
  explicit BatchNormImpl(std::int64_t channels);
  torch::Tensor forward(const torch::Tensor& input);

  // For kernels that normalise as part of something else. Counts one more batch while the layer is training.
  kernels::BatchNorm next_batch();

  // From here on batches are those of all ranks (see StatisticsReducer); null: of this one.
  void add_up_with(kernels::StatisticsReducer* reducer) { reducer_ = reducer; }

  torch::Tensor weight, bias, running_mean, running_var, num_batches_tracked;

 private:
  kernels::StatisticsReducer* reducer_ = nullptr;
};
TORCH_MODULE(BatchNorm);

}  // namespace chorale::models
