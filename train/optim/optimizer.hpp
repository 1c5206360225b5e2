// What turns gradients into new weights, over flat buffers.
#pragma once

#include <torch/torch.h>

#include <map>
#include <memory>
#include <string>

#include "pipeline/checkpoint/safetensors.hpp"
#include "pipeline/config/experiment.hpp"
#include "train/parallel/flat_parameters.hpp"

namespace chorale::train {

// What must be saved to continue: tensors by name, the owner's own, not copies.
using TensorState = std::map<std::string, torch::Tensor>;

class Optimizer {
 public:
  Optimizer() = default;
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;
  virtual ~Optimizer() = default;

  // One step from the flat gradients. `lr` is multiplied by the factor of each parameter group.
  virtual void step(double lr) = 0;

  virtual TensorState state() const = 0;
};

// By train.optimizer, with the parameter groups of train.*. `parameters` must outlive it. Throws UsageError:
// parameter_groups().
std::unique_ptr<Optimizer> make_optimizer(const FlatParameters& parameters, const config::Train& options);

// Fills `state` from a file. Throws CheckpointMismatch when names or sizes are not those in the file.
void load_state(const TensorState& state, const checkpoint::SafetensorsFile& file);

}  // namespace chorale::train
