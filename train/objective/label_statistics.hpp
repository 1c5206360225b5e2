// What labels the samples of the training part have: for weights in the loss, the scale of values, and
// complaints.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "pipeline/config/experiment.hpp"
#include "pipeline/models/outputs.hpp"
#include "pipeline/samples/slices.hpp"
#include "pipeline/store/store.hpp"

namespace chorale::train {

// Of one task; counted are samples (slices), for they are what the loss is taken over.
struct LabelStatistics {
  std::int64_t known = 0;
  std::vector<std::int64_t> per_class;  // [classes]: samples that have the class; empty for regression
  double mean = 0, deviation = 1;       // regression: of the known values; 1 where all are the same
};

// One entry a task. `samples` are those of the training part.
std::vector<LabelStatistics> label_statistics(std::span<const models::Output> outputs,
                                              std::span<const store::StoredTrack> tracks,
                                              std::span<const samples::Slice> samples);

// Throws UsageError, naming the task: no sample has a label of it, or a class of a task of kind single has no
// sample. `tracks` are those of the store.
void require_labels(std::span<const models::Output> outputs, std::span<const LabelStatistics> statistics,
                    std::span<const store::StoredTrack> tracks);

// A line for each task of another kind with classes that no sample has.
std::vector<std::string> missing_classes(std::span<const models::Output> outputs,
                                         std::span<const LabelStatistics> statistics);

// [classes] n / (present classes * samples of the class), as scikit-learn's class_weight="balanced"; 1 for a
// class without sample.
std::vector<double> balanced_weights(const LabelStatistics& statistics);

// [classes] (negatives / positives)^power, at most `cap`; 1 for power 0 and for a class that has not samples
// of both kinds.
std::vector<double> positive_weights(const LabelStatistics& statistics, double power, double cap);

}  // namespace chorale::train
