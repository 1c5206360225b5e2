// LSTM and GRU: on the CPU by kernels of our own, several times as fast as LibTorch's; elsewhere by LibTorch.
#pragma once

#include <torch/torch.h>

#include "pipeline/kernels/recurrent/layer.hpp"

namespace chorale::kernels {

enum class Directions { kForward, kBoth };

struct RecurrentOptions {
  Cell cell = Cell::kLstm;
  std::int64_t inputs = 1;
  std::int64_t units = 256;
  std::int64_t layers = 1;
  Directions directions = Directions::kForward;
  double dropout = 0;  // of the outputs of every layer but the last, while training
};

// Parameters, their names, initial values and results are those of torch::nn::LSTM and GRU. Initial states
// are zero. `lengths` [batch] int64 on the CPU, 1 to frames: valid frames of each sample, as in packed
// sequences: the reverse direction begins at a sample's last valid frame. Undefined: all are.
//
// Under autocast (models::PrecisionGuard) products are computed in bfloat16, sums, cell states and the
// gradients of parameters in single precision, and results are bfloat16. The bits depend neither on the
// number of threads nor on the other samples of a batch, except the gradients of parameters.
class RecurrentImpl : public torch::nn::Cloneable<RecurrentImpl> {
 public:
  explicit RecurrentImpl(const RecurrentOptions& options);
  void reset() override;

  // x [batch, frames, inputs] -> [batch, frames, units * directions]; zeros beyond a sample's length.
  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& lengths = {});
  // The same at each sample's last valid frame: [batch, units * directions], what `output[:, -1]` is in
  // Python where all frames are valid. Of the reverse direction that is its first step, so the last layer's
  // does no more.
  torch::Tensor last(const torch::Tensor& x, const torch::Tensor& lengths = {});

 private:
  torch::Tensor run(const torch::Tensor& x, const torch::Tensor& lengths, Result result);

  RecurrentOptions options_;
  std::vector<std::vector<DirectionWeights>> layers_;
};
TORCH_MODULE(Recurrent);

}  // namespace chorale::kernels
