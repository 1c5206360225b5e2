// Running statistics of normalisation layers, with which a model is evaluated, kept the same on all ranks.
#pragma once

#include <torch/torch.h>

#include <memory>

#include "pipeline/comm/communicator.hpp"

namespace chorale::train {

// In every step each rank moves them by what its own part of the batch says; all then take the mean of these
// moves, weighted by samples. So every rank evaluates and saves the same ones, and a run resumed from any
// step continues with the same bits.
class RunningStatistics {
 public:
  // Makes the float buffers of `module` views of one flat tensor. Both must outlive it.
  RunningStatistics(const torch::nn::Module& module, comm::Communicator& communicator);

  // Before forward.
  void begin();
  // Collective. After forward, which saw the share `weight` of the samples of the global batch (0: none).
  void start_reduce(double weight);
  void finish();

 private:
  comm::Communicator& communicator_;
  torch::Tensor values_;  // [n]
  torch::Tensor before_, moves_;
  std::unique_ptr<comm::Work> work_;
};

}  // namespace chorale::train
