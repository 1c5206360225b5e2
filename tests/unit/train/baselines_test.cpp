// Classical baselines: when a run is finished, and what a fit does with a class that is not there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "pipeline/config/model_options.hpp"
#include "train/baselines/baseline_run.hpp"
#include "train/baselines/logistic_regression.hpp"

namespace chorale::train {
namespace {

config::Experiment experiment_of(const std::string& model) {
  config::Experiment experiment;
  experiment.model = config::model_defaults(model);
  return experiment;
}

checkpoint::State state_of(std::int64_t epoch, std::int64_t epochs_since_best = 0) {
  checkpoint::State state;
  state.epoch = epoch;
  state.epochs_since_best = epochs_since_best;
  return state;
}

TEST(FinishedBaseline, AfterAllRoundsOrWhenPatienceHasEnded) {
  auto experiment = experiment_of("gradient_boosting");
  experiment.model.trees = 20;
  experiment.train.patience = 5;
  EXPECT_FALSE(finished_baseline(state_of(19, 4), experiment));
  EXPECT_TRUE(finished_baseline(state_of(20, 0), experiment));
  EXPECT_TRUE(finished_baseline(state_of(7, 5), experiment));
  experiment.train.patience = 0;
  EXPECT_FALSE(finished_baseline(state_of(7, 5), experiment));
  EXPECT_FALSE(finished_baseline(state_of(0), experiment_of("random_forest")));
  EXPECT_TRUE(finished_baseline(state_of(1), experiment_of("random_forest"))) << "a forest is one round";
  EXPECT_TRUE(finished_baseline(state_of(1), experiment_of("logistic_regression")));
}

TEST(Rates, AreOfBoostingAlone) {
  EXPECT_EQ(rate_of(experiment_of("gradient_boosting").model), 0.3);
  EXPECT_EQ(rate_of(experiment_of("random_forest").model), 1.0);
  EXPECT_TRUE(std::isnan(rate_of(experiment_of("logistic_regression").model)));
}

// Of rows without columns that tell anything, the bias alone gives each class its share.
TEST(LogisticRegression, WithoutInformationGivesTheSharesAndNothingToAClassThatIsNotThere) {
  const std::vector<float> values(8), weights = {1, 1, 1, 1, 1, 1, 1, 1};
  const std::vector<std::int32_t> classes = {0, 2, 2, 2, 0, 2, 2, 2};
  const auto model = fit_logistic_regression({values, 1, classes, weights}, 3, 1.0);
  const auto probabilities = model.predict(std::vector<float>{0});
  EXPECT_NEAR(probabilities[0], 0.25, 1e-7);  // float
  EXPECT_EQ(probabilities[1], 0);
  EXPECT_NEAR(probabilities[2], 0.75, 1e-7);
}

// Two rows that one line separates: without a penalty the weights would grow for ever.
TEST(LogisticRegression, IsHeldByItsPenalty) {
  const std::vector<float> values = {-1, 1}, weights = {1, 1};
  const std::vector<std::int32_t> classes = {0, 1};
  const auto model = fit_logistic_regression({values, 1, classes, weights}, 2, 1.0);
  // By symmetry weights -w and w; the derivative of 2 log(1 + exp(-2w)) + w^2 is 0.
  const double w = model.weights[1];
  EXPECT_NEAR(model.weights[0], -w, 1e-9);
  EXPECT_NEAR(w - 2 / (1 + std::exp(2 * w)), 0, 1e-8);
  EXPECT_NEAR(model.bias[0], model.bias[1], 1e-9);
}

}  // namespace
}  // namespace chorale::train
