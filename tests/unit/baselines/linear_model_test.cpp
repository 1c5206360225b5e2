#include "pipeline/baselines/linear_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "pipeline/baselines/fitted.hpp"
#include "pipeline/checkpoint/run_folder.hpp"
#include "pipeline/config/model_options.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::baselines {
namespace {

using testing::ElementsAre;

// Logits of the row (1, 2): 0, ln 3, 0.
const LinearModel kModel{2, {0.5, -0.5, std::log(3.0), 0.0, 0.0, -0.25}, {0.5, 0.0, 0.5}};

TEST(LinearModel, GivesTheSoftmaxOfItsLogits) {
  const auto probabilities = kModel.predict(std::vector<float>{1, 2, 0, 0});
  ASSERT_EQ(probabilities.size(), 6U);
  EXPECT_NEAR(probabilities[0], 0.2, 1e-7);  // float
  EXPECT_NEAR(probabilities[1], 0.6, 1e-7);
  EXPECT_NEAR(probabilities[2], 0.2, 1e-7);
  EXPECT_NEAR(probabilities[3], std::exp(0.5) / (2 * std::exp(0.5) + 1), 1e-7);
}

TEST(LinearModel, LargeLogitsAndAClassWithoutAnyAreDefined) {
  const LinearModel model{1, {1000, 0, 0}, {0, 0, -std::numeric_limits<double>::infinity()}};
  EXPECT_THAT(model.predict(std::vector<float>{1, 0}), ElementsAre(1, 0, 0, 0.5, 0.5, 0));
}

TEST(LinearModel, IsReadAsItWasWritten) {
  const testing_support::TemporaryFolder folder;
  kModel.write(folder.path() / checkpoint::kModelFile);
  const auto back = LinearModel::read(folder.path() / checkpoint::kModelFile);
  EXPECT_EQ(back.columns, 2U);
  EXPECT_EQ(back.weights, kModel.weights);
  EXPECT_EQ(back.bias, kModel.bias);
}

TEST(LinearModel, WhatIsNoneIsRefused) {
  const testing_support::TemporaryFolder folder;
  const auto path = folder.path() / "other.safetensors";
  const std::vector<float> numbers(6);
  checkpoint::write_safetensors(path, {{"weight", {"F32", {3, 2}, numbers.data(), 24}}});
  EXPECT_THROW(LinearModel::read(path), checkpoint::CheckpointError);
  EXPECT_THROW(LinearModel::read(folder.path() / "none.safetensors"), checkpoint::CheckpointError);
}

// Mean absolute weights: (0.5 + ln 3) / 3 and 0.75 / 3.
TEST(LinearModel, IsLoadedWithTheImportanceOfItsColumns) {
  const testing_support::TemporaryFolder folder;
  kModel.write(folder.path() / checkpoint::kModelFile);
  const auto model = config::model_defaults("logistic_regression");
  const auto fitted = load(folder.path(), model, 2, 3, 1);
  EXPECT_EQ(fitted->parameters(), 9);
  const auto importance = fitted->importance({"tempo", "zcr"});
  EXPECT_EQ(importance.measure, Importance::Measure::kWeight);
  ASSERT_EQ(importance.columns.size(), 2U);
  EXPECT_EQ(importance.columns[0].column, "tempo");
  EXPECT_NEAR(importance.columns[0].value, (0.5 + std::log(3.0)) / 3, 1e-15);
  EXPECT_NEAR(importance.columns[1].value, 0.25, 1e-15);
  EXPECT_THROW(load(folder.path(), model, 3, 3, 1), checkpoint::CheckpointMismatch);
}

}  // namespace
}  // namespace chorale::baselines
