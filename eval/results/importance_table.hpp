// The columns that a classical baseline goes by, as a table.
#pragma once

#include "eval/results/run_metrics.hpp"
#include "eval/tables/table.hpp"
#include "pipeline/baselines/importance.hpp"

namespace chorale::eval {

// `feature_importance`: a row a column, the most important first. Of trees: its share of the gain of all
// splits, XGBoost's gain (of one split of it, the mean) and the number of its splits; of a linear model: the
// mean absolute weight, and its share of the sum of them. What has no split has no gain.
Table importance_table(const baselines::Importance& importance, const RunMetrics& run);

}  // namespace chorale::eval
