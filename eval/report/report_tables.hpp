// The tables that compare runs.
#pragma once

#include <vector>

#include "eval/report/run.hpp"
#include "eval/tables/table.hpp"

namespace chorale::eval {

// A row an experiment: n, mean ± standard deviation and best over its runs.
Table comparison_table(const std::vector<Group>& groups);

// A row a run.
Table runs_table(const std::vector<Run>& runs);

}  // namespace chorale::eval
