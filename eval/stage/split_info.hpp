// Where the songs of an evaluation come from, for every table.
#pragma once

#include "eval/results/run_metrics.hpp"
#include "pipeline/config/experiment.hpp"
#include "pipeline/store/store.hpp"

namespace chorale::eval {

// Of the split of the experiment, with a warning where it puts songs of an artist, of a group, or slices of a
// song into training and test.
SplitInfo split_info(const store::Store& store, const config::Experiment& experiment);

}  // namespace chorale::eval
