#pragma once

#include "eval/results/predictions.hpp"
#include "eval/stage/forward.hpp"
#include "eval/stage/opened_run.hpp"

namespace chorale::eval {

// The columns of one task of the run, of the slices of songs that have a label of it.
Predictions predictions_of(const OpenedRun& run, const Forward& forward, std::size_t task);

}  // namespace chorale::eval
