// Figures that evaluations drew, which a report takes over from the run folders.
#pragma once

#include <vector>

#include "eval/report/report_folder.hpp"
#include "eval/report/run.hpp"

namespace chorale::eval {

// Of the first run of each experiment the curves (ROC, precision and recall, reliability) and what a
// classical baseline goes by; of all runs that have them, maps of the songs (eval.embeddings) and what the
// models go by (eval.explain). The figure NAME of run number k becomes NAME-k.
void add_run_figures(ReportFolder& folder, const std::vector<Run>& runs, const std::vector<Group>& groups);

}  // namespace chorale::eval
