// What each part of a split holds, as lines of the log.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "pipeline/config/experiment.hpp"
#include "pipeline/models/outputs.hpp"
#include "pipeline/store/store.hpp"
#include "train/objective/label_statistics.hpp"

namespace chorale::train {

struct SliceCounts {
  std::size_t training = 0, validation = 0;
};

// Songs, groups and slices of each part, and songs of each class; warnings of classes that can't be learned.
// `parts` has one entry a track, `statistics` (of the training part) one a task.
void log_parts(const store::Store& store, std::span<const config::Part> parts,
               const std::vector<models::Output>& outputs, std::span<const LabelStatistics> statistics,
               SliceCounts slices, config::SplitBy dealt_by);

}  // namespace chorale::train
