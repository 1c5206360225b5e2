// Some of the samples of a batch, for a batch that is worked off in parts.
#pragma once

#include <cstdint>

#include "pipeline/models/model.hpp"
#include "train/objective/objective.hpp"

namespace chorale::train {

// Views of samples [first, last).
models::Inputs part_of(const models::Inputs& inputs, std::int64_t first, std::int64_t last);
Objective::Targets part_of(const Objective::Targets& targets, std::int64_t first, std::int64_t last);

}  // namespace chorale::train
