// Batches as tensors.
#pragma once

#include "pipeline/models/model.hpp"
#include "pipeline/samples/loader.hpp"

namespace chorale::models {

// Views of the batch, which is time-major.
Inputs inputs_of(const samples::Batch& batch);

}  // namespace chorale::models
