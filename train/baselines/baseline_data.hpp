// What a classical baseline learns from: one encoded vector a track, and its class.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "pipeline/config/experiment.hpp"
#include "pipeline/models/outputs.hpp"
#include "pipeline/samples/slices.hpp"
#include "pipeline/samples/vectors.hpp"
#include "pipeline/store/store.hpp"
#include "train/objective/label_statistics.hpp"

namespace chorale::train {

// The tracks of one part.
struct BaselineRows {
  std::vector<samples::Slice> tracks;  // [n], whole ones
  std::vector<float> vectors;          // [n, columns]
  std::vector<std::int32_t> classes;   // [n]
  std::vector<float> weights;          // [n], of train.class_weights
};

struct BaselineData {
  store::Store store;
  std::vector<config::Part> parts = {};  // [tracks]
  std::vector<models::Output> outputs = {};
  samples::VectorEncoder encoder = {};
  std::vector<std::string> columns = {};  // names of the encoded ones
  BaselineRows training = {}, validation = {};
  std::vector<LabelStatistics> statistics = {};  // of the training part

  std::size_t classes() const { return static_cast<std::size_t>(outputs.front().count); }
  void log_summary() const;
};

// Throws StoreMismatch when the store is of another configuration or has no train.vector, and says how to
// make it; UsageError when the training or the validation part has no track, or the training part lacks a
// class.
BaselineData read_baseline_data(const config::Experiment& experiment);

}  // namespace chorale::train
