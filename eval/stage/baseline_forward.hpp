// What a classical baseline says of every track, and by which columns it goes. The only file of the stage
// that needs XGBoost.
#pragma once

#include "eval/stage/forward.hpp"

namespace chorale::eval {

// Precondition: the run is of a classical baseline. Throws CheckpointMismatch (a model of other columns or
// classes), StoreMismatch (the store's vectors are not what the run was trained on), BoosterError.
Forward baseline_forward(const OpenedRun& run);

}  // namespace chorale::eval
