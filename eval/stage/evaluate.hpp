#pragma once

#include "eval/stage/opened_run.hpp"
#include "eval/stage/write_results.hpp"

namespace chorale::eval {

// The forward pass over all slices, and all files that an evaluation leaves (write_results,
// write_explanations).
Results evaluate(const OpenedRun& run);

}  // namespace chorale::eval
