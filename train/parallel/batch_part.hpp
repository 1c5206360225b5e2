// Some of the samples of a batch, for a batch that is worked off in parts.
#pragma once

#include <cstddef>

#include "pipeline/models/model.hpp"
#include "pipeline/samples/loader.hpp"

namespace chorale::train {

struct BatchPart {
  models::Inputs inputs;  // views
  samples::Batch batch;   // without inputs and vectors; of the global batch it says what the whole one does
};

// Samples [first, last) of a rank's part of a batch.
BatchPart part_of(const models::Inputs& inputs, const samples::Batch& batch, std::size_t first,
                  std::size_t last);

}  // namespace chorale::train
