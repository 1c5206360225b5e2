// A classical baseline while it is fitted.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "pipeline/config/experiment.hpp"
#include "train/baselines/baseline_data.hpp"

namespace chorale::train {

class Learner {
 public:
  virtual ~Learner() = default;

  // The next round of boosting; the whole fit of a model that has but one.
  virtual void fit_round() = 0;

  // Of the rows of the data, after the rounds so far: [n, classes] probabilities.
  virtual std::vector<float> predict_training() const = 0;
  virtual std::vector<float> predict_validation() const = 0;

  // The model of the first `rounds` rounds, into a checkpoint folder.
  virtual void write(const std::filesystem::path& folder, int rounds) const = 0;
};

// Rounds that a model has at most.
std::int64_t most_rounds(const config::Model& model);

// The learning rate of each round, for the record; NaN of a model that has none.
double rate_of(const config::Model& model);

// Before its first round. Keeps a reference to `data`.
std::unique_ptr<Learner> make_learner(const config::Experiment& experiment, const BaselineData& data,
                                      int threads);

}  // namespace chorale::train
