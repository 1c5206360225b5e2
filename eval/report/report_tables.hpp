// The table of runs.
#pragma once

#include <vector>

#include "eval/report/run.hpp"
#include "eval/tables/table.hpp"

namespace chorale::eval {

// A row a run.
Table runs_table(const std::vector<Run>& runs);

}  // namespace chorale::eval
