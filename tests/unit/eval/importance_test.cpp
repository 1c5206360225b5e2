#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eval/figures/importance_figure.hpp"
#include "eval/results/importance_table.hpp"
#include "eval/tables/formats.hpp"

namespace chorale::eval {
namespace {

using baselines::Importance;
using testing::ElementsAre;
using testing::HasSubstr;

RunMetrics run_of(const std::string& model) {
  RunMetrics run;
  run.checkpoint.model = model;
  return run;
}

std::vector<std::string> texts_of(const std::vector<Cell>& row) {
  std::vector<std::string> texts;
  for (const Cell& cell : row) texts.push_back(text_of(cell));
  return texts;
}

const Importance kTrees{Importance::Measure::kGain,
                        {{"tempo", 30, 4}, {"zcr_mean", 10, 5}, {"duration", 0, 0}}};

TEST(ImportanceTable, OfTreesHasShareMeanGainAndSplits) {
  const Table table = importance_table(kTrees, run_of("random_forest"));
  EXPECT_EQ(table.name, "feature_importance");
  ASSERT_EQ(table.rows.size(), 3U);
  EXPECT_THAT(texts_of(table.rows[0]), ElementsAre("tempo", "0.7500", "7.500", "4"));
  EXPECT_THAT(texts_of(table.rows[1]), ElementsAre("zcr_mean", "0.2500", "2.000", "5"));
  EXPECT_THAT(texts_of(table.rows[2]), ElementsAre("duration", "0.0000", "–", "0"));
}

TEST(ImportanceTable, OfALinearModelHasShareAndWeight) {
  const Importance weights{Importance::Measure::kWeight, {{"tempo", 0.75}, {"zcr_mean", 0.25}}};
  const Table table = importance_table(weights, run_of("logistic_regression"));
  EXPECT_THAT(texts_of(table.rows[0]), ElementsAre("tempo", "0.7500", "0.7500"));
  EXPECT_EQ(table.columns.back().key, "weight");
}

// A forest that could not split at all.
TEST(ImportanceTable, WithoutGainThereIsNoShare) {
  const Importance none{Importance::Measure::kGain, {{"tempo", 0, 0}}};
  EXPECT_THAT(texts_of(importance_table(none, run_of("random_forest")).rows[0]),
              ElementsAre("tempo", "–", "–", "0"));
}

TEST(ImportanceFigure, HasThePerCentOfTheTwentyFirst) {
  Importance many = kTrees;
  for (int i = 0; i < 30; ++i) many.columns.push_back({"other" + std::to_string(i), 0, 0});
  const auto figure = importance_figure("importance", "A forest", many);
  EXPECT_THAT(figure.data, HasSubstr("\n1\t75\ttempo\n2\t25\tzcr_mean\n3\t0\tduration\n"));
  EXPECT_THAT(figure.data, HasSubstr("\n20\t0\tother16\n"));
  EXPECT_THAT(figure.data, testing::Not(HasSubstr("other17")));
  EXPECT_THAT(figure.commands, HasSubstr("'tempo' 1, 'zcr_mean' 2"));
  EXPECT_THAT(figure.commands, HasSubstr("per cent of the gain"));
}

}  // namespace
}  // namespace chorale::eval
