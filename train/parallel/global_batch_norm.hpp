// train.batch_norm = "global": batch normalisation with the statistics of the global batch, so that any
// number of ranks computes what one would.
#pragma once

#include <torch/torch.h>

#include "pipeline/comm/communicator.hpp"
#include "pipeline/kernels/conv_tail.hpp"
#include "pipeline/models/model.hpp"

namespace chorale::train {

// Sums that layers need are added up in the middle of forward and backward, so every rank must go through
// both, the same layers in the same order, in every step. A rank without samples does so with a stand-in: it
// adds nothing to any sum, and, told in backward that all sums are zero, gets gradients that are zero.
class GlobalBatchNorm : public kernels::StatisticsReducer {
 public:
  // Joins all normalisation layers of `model`. Gradients are reduced during backward as well, started in an
  // order of their own: `communicator` must not be theirs, unless all ranks start everything in one order (as
  // they do on GPUs). All must outlive it.
  GlobalBatchNorm(models::Model& model, models::InputShape shape, comm::Communicator& communicator);
  ~GlobalBatchNorm() override;
  GlobalBatchNorm(const GlobalBatchNorm&) = delete;
  GlobalBatchNorm& operator=(const GlobalBatchNorm&) = delete;

  enum class Samples { kSome, kNone };
  void begin_forward(Samples samples);
  void begin_backward() { pass_ = Pass::kBackward; }

  // One sample of zeros, shaped as those of the other ranks. `empty` has frames [0, 1, bins, frames].
  models::Inputs stand_in(const models::Inputs& empty) const;

  void add_up(torch::Tensor sums) override;

 private:
  models::Model& model_;
  models::InputShape shape_;
  comm::Communicator& communicator_;
  Samples samples_ = Samples::kSome;
  enum class Pass { kForward, kBackward } pass_ = Pass::kForward;
};

}  // namespace chorale::train
