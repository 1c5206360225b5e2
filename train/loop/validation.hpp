// The validation part, dealt out over the ranks.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/comm/communicator.hpp"
#include "pipeline/config/experiment.hpp"
#include "pipeline/metrics/confusion.hpp"
#include "pipeline/models/model.hpp"
#include "train/data/feed.hpp"
#include "train/data/training_data.hpp"
#include "train/loop/metric.hpp"
#include "train/objective/objective.hpp"

namespace chorale::train {

struct Validation {
  std::vector<Metric> metrics;  // see metrics_of
  std::vector<std::vector<double>> thresholds =
      {};  // one list a task; multi: that with the best F1 of each class
  std::vector<std::pair<std::string, metrics::Confusion>> confusions = {};  // of songs, by task: single, key
};

// Collective; the same result on every rank. Losses are the objective's, as means over slices; songs are
// judged by the mean prediction of their slices. Nothing when a rank was asked to stop meanwhile. The model
// and the objective's labels are on the device of the feed.
std::optional<Validation> validate(models::Model& model, const TrainingData& data, const Feed& feed,
                                   const Objective& objective, const config::Experiment& experiment,
                                   comm::Communicator& communicator);

}  // namespace chorale::train
