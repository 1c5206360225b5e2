// Figures that evaluations drew when asked to, which a report takes over from the run folders.
#pragma once

#include <vector>

#include "eval/report/report_folder.hpp"
#include "eval/report/run.hpp"

namespace chorale::eval {

// Sections with maps of the songs (eval.embeddings) and with what the models go by (eval.explain), of the
// runs that have them; the figure NAME of run number k becomes NAME-k.
void add_run_figures(ReportFolder& folder, const std::vector<Run>& runs);

}  // namespace chorale::eval
