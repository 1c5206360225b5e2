// Which columns of a model's outputs belong to which task. One last layer serves all tasks.
#pragma once

#include <cstdint>
#include <vector>

#include "pipeline/config/experiment.hpp"
#include "pipeline/dataset/track.hpp"

namespace chorale::models {

// single, key: a logit a class (softmax); multi: a logit a class (sigmoid each); regression: one value.
struct Output {
  dataset::Task task;  // of kind key with train.key_classes = "tonic": its classes are the 12 tonics
  std::int64_t first = 0, count = 0;
};

// In the order of the tasks.
std::vector<Output> outputs_of(const std::vector<dataset::Task>& tasks, config::KeyClasses key_classes);

// Columns in all.
std::int64_t width(const std::vector<Output>& outputs);

}  // namespace chorale::models
