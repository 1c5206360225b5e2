// The tables of one task of an evaluation.
#pragma once

#include <vector>

#include "eval/results/run_metrics.hpp"
#include "eval/results/task_metrics.hpp"
#include "eval/tables/table.hpp"

namespace chorale::eval {

// `summary` first; then of classes `per_class` and `confusion`, of several labels `per_class`. `run` says
// what they are of; every table has its warning, if there is one.
std::vector<Table> task_tables(const TaskMetrics& metrics, const RunMetrics& run);

}  // namespace chorale::eval
