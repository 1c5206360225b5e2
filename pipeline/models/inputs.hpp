// Batches as tensors.
#pragma once

#include "pipeline/models/model.hpp"
#include "pipeline/samples/loader.hpp"

namespace chorale::models {

// Views of the batch, which is time-major; without frames where they are on the device.
Inputs inputs_of(const samples::Batch& batch);
// The same of batch.partners; of what a batch does not have, undefined tensors.
Inputs partners_of(const samples::Batch& batch);

// The same on a device; lengths stay on the CPU. On the CPU: as they are.
Inputs on_device(const Inputs& inputs, torch::Device device);

}  // namespace chorale::models
