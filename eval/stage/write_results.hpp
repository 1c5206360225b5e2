// From probabilities to the files of a run folder.
#pragma once

#include <vector>

#include "eval/results/run_metrics.hpp"
#include "eval/results/task_metrics.hpp"
#include "eval/stage/forward.hpp"
#include "eval/stage/opened_run.hpp"

namespace chorale::eval {

// The scores of a run: of its main task, and of all.
struct Results {
  RunMetrics main;
  std::vector<TaskMetrics> tasks;
};

// In run.results: predictions.csv, songs.csv and tables/ of every task, figures/ and, last, metrics.json;
// each file replaced in one step. Files of the main task (RunMetrics) have these names, those of another end
// in _TASK, and its tables begin with TASK_.
Results write_results(const OpenedRun& run, const Forward& forward);

}  // namespace chorale::eval
