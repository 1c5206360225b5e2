// What validation measures: by name, in an order that depends on the tasks alone.
#pragma once

#include <limits>
#include <span>
#include <vector>

#include "pipeline/metrics/examples.hpp"
#include "pipeline/models/outputs.hpp"
#include "train/loop/metric.hpp"

namespace chorale::train {

// Of one task.
struct TaskFigures {
  double loss = std::numeric_limits<double>::quiet_NaN();  // mean over slices
  double slice_accuracy = std::numeric_limits<double>::quiet_NaN();
  metrics::Examples songs = {};         // with known labels
  std::vector<double> thresholds = {};  // multi: one a class
};

// `loss` (of all tasks), `accuracy` (of songs, of the first task of kind single, if there is one), then of
// each task NAME
//   single, key: NAME.slice_accuracy, NAME.song_accuracy; with 24 keys NAME.weighted_score (MIREX);
//   multi:       NAME.macro_auc, .macro_average_precision, .macro_f1, .micro_f1 (F1 at the thresholds);
//   regression:  NAME.mean_absolute_error, .accuracy1, .accuracy2;
// all of songs but the first; and with several tasks NAME.loss. What can't be measured is NaN. `figures` has
// one entry a task; without figures only the names are of use.
std::vector<Metric> metrics_of(std::span<const models::Output> outputs, double loss,
                               std::span<const TaskFigures> figures);
std::vector<Metric> metrics_of(std::span<const models::Output> outputs);

}  // namespace chorale::train
