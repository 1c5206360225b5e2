// Adam as one fused step over flat buffers.
#pragma once

#include <torch/torch.h>

#include <map>
#include <string>

#include "pipeline/checkpoint/safetensors.hpp"
#include "train/parallel/flat_parameters.hpp"

namespace chorale::train {

struct AdamOptions {
  double lr = 1e-4;
  double beta1 = 0.9, beta2 = 0.999;
  double eps = 1e-8;
  double weight_decay = 0.0;  // added to the gradient (L2), as torch.optim.Adam does
};

// Kingma and Ba 2015, algorithm 1, with the defaults and the arithmetic of torch.optim.Adam.
class Adam {
 public:
  // `parameters` must outlive it.
  Adam(const FlatParameters& parameters, const AdamOptions& options);

  // One step from the flat gradients.
  void step();

  // step [1], exp_avg [n], exp_avg_sq [n]: its own tensors, not copies.
  std::map<std::string, torch::Tensor> state() const;
  // Throws CheckpointMismatch when the file is not the state of an Adam over as many parameters.
  void load_state(const checkpoint::SafetensorsFile& file);

 private:
  const FlatParameters& parameters_;
  AdamOptions options_;
  torch::Tensor step_, exp_avg_, exp_avg_sq_;
};

}  // namespace chorale::train
