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

// What the outputs of a task have to be read with, beside the model. Found in training, and kept with it.
struct Decoding {
  double mean = 0, deviation = 1;       // regression: value = output * deviation + mean
  std::vector<double> thresholds = {};  // multi: a class is there from this probability on; empty: from 0.5
};

// In the order of the tasks.
std::vector<Output> outputs_of(const std::vector<dataset::Task>& tasks, config::KeyClasses key_classes);

// single, key: the column of the output, counted from `first`, that a known label stands for.
inline std::int64_t class_of(const Output& output, const dataset::Label& label) {
  return label.index() % output.count;  // the tonic of a key, where there are 12
}

// Columns in all.
std::int64_t width(const std::vector<Output>& outputs);

// The first task of kind single, else the first: what reports compare.
std::size_t main_task(const std::vector<Output>& outputs);

}  // namespace chorale::models
