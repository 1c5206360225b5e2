// From probabilities to the files of a run folder.
#pragma once

#include "eval/metrics/songs.hpp"
#include "eval/results/predictions.hpp"
#include "eval/results/run_metrics.hpp"
#include "eval/stage/opened_run.hpp"

namespace chorale::eval {

// Names, labels and times for what the model said. `slices` is as run.slices, its songs are tracks of the
// store.
Predictions make_predictions(const OpenedRun& run, SliceProbabilities slices);

// predictions.csv, songs.csv, tables/, figures/ and, last, metrics.json; each file replaced in one step.
RunMetrics write_results(const OpenedRun& run, const Predictions& predictions, std::int64_t parameters);

}  // namespace chorale::eval
