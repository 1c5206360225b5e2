#include "pipeline/baselines/booster.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "pipeline/baselines/fitted.hpp"
#include "pipeline/checkpoint/run_folder.hpp"
#include "pipeline/config/model_options.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/random.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::baselines {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::size_t kRows = 400, kColumns = 5, kClasses = 3;

// The class is told by column 2, and by nothing else.
struct Example {
  Example() : values(kRows * kColumns), classes(kRows) {
    runtime::RandomStream stream(1, {});
    for (float& value : values) value = static_cast<float>(stream.uniform());
    for (std::size_t row = 0; row < kRows; ++row)
      classes[row] = static_cast<std::int32_t>(values[row * kColumns + 2] * kClasses);
  }
  std::vector<float> values;
  std::vector<std::int32_t> classes;
};

class BoosterTest : public testing::Test {
 protected:
  BoosterTest() : matrix_(example_.values, kColumns) { matrix_.set_classes(example_.classes); }

  static Parameters parameters(int threads) {
    return {{"objective", "multi:softprob"}, {"num_class", "3"},
            {"tree_method", "hist"},         {"subsample", "0.6"},
            {"colsample_bytree", "0.6"},     {"nthread", std::to_string(threads)}};
  }
  Booster grown(int rounds, int threads = 1) const {
    Booster booster(parameters(threads), {&matrix_});
    for (int round = 0; round < rounds; ++round) booster.grow(matrix_);
    return booster;
  }

  Example example_;
  Matrix matrix_;
};

TEST_F(BoosterTest, LearnsWhatTellsTheClass) {
  const Booster booster = grown(10);
  EXPECT_EQ(booster.rounds(), 10);
  const auto probabilities = booster.predict(matrix_);
  ASSERT_EQ(probabilities.size(), kRows * kClasses);
  std::size_t right = 0;
  for (std::size_t row = 0; row < kRows; ++row) {
    const float* mine = &probabilities[row * kClasses];
    EXPECT_NEAR(mine[0] + mine[1] + mine[2], 1, 1e-5);  // float
    right += std::max_element(mine, mine + kClasses) - mine == example_.classes[row];
  }
  EXPECT_GT(right, kRows * 95 / 100);
  const auto uses = booster.column_uses();
  ASSERT_EQ(uses.size(), kColumns);
  double others = 0;
  for (const std::size_t column : {0, 1, 3, 4}) others += uses[column].total_gain;
  EXPECT_GT(uses[2].total_gain, 3 * others);
  EXPECT_GT(uses[2].splits, 0);
}

TEST_F(BoosterTest, HasTheSameBytesOnAnyNumberOfThreads) {
  const std::string one = grown(5).to_bytes();
  EXPECT_TRUE(grown(5, 2).to_bytes() == one);
  EXPECT_TRUE(grown(5, 3).to_bytes() == one);
}

TEST_F(BoosterTest, PredictsFromItsBytesAsBefore) {
  const Booster booster = grown(6);
  const Booster back(booster.to_bytes(), 2);
  EXPECT_EQ(back.rounds(), 6);
  EXPECT_EQ(back.predict(matrix_), booster.predict(matrix_));
}

TEST_F(BoosterTest, ItsFirstRoundsAreWhatItWasThen) {
  const Booster first = grown(6).first(2);
  EXPECT_EQ(first.rounds(), 2);
  EXPECT_EQ(first.predict(matrix_), grown(2).predict(matrix_));
  EXPECT_EQ(first.leaves(), grown(2).leaves());
}

TEST_F(BoosterTest, NamesOfColumnsTravel) {
  Booster booster = grown(2);
  booster.name_columns({"a", "b", "key=C#", "d", "e"});
  const Booster back(booster.first(1).to_bytes());
  EXPECT_THAT(back.column_names(), ElementsAre("a", "b", "key=C#", "d", "e"));
}

// A row of weight 2 is two rows.
TEST_F(BoosterTest, WeightsCount) {
  const auto exact = [](const Matrix& matrix) {
    Booster booster({{"objective", "multi:softprob"}, {"num_class", "3"}, {"tree_method", "exact"}},
                    {&matrix});
    for (int round = 0; round < 3; ++round) booster.grow(matrix);
    return booster;
  };
  Example twice = example_;
  twice.values.insert(twice.values.end(), example_.values.begin(), example_.values.end());
  twice.classes.insert(twice.classes.end(), example_.classes.begin(), example_.classes.end());
  Matrix doubled(twice.values, kColumns);
  doubled.set_classes(twice.classes);
  const auto expected = exact(doubled).predict(matrix_);
  const auto once = exact(matrix_).predict(matrix_);
  matrix_.set_weights(std::vector<float>(kRows, 2.0F));
  const auto weighted = exact(matrix_).predict(matrix_);
  EXPECT_THAT(weighted, testing::Pointwise(testing::FloatNear(1e-5F), expected));  // sums in another order
  EXPECT_NE(weighted, once);
}

TEST_F(BoosterTest, ErrorsAreThoseOfXgboost) {
  EXPECT_THROW(Booster("no model"), BoosterError);
  try {
    Booster({{"objective", "multi:loud"}}, {&matrix_}).grow(matrix_);
    FAIL() << "nothing was thrown";
  } catch (const BoosterError& error) {
    EXPECT_THAT(error.what(), HasSubstr("multi:loud"));
  }
}

TEST_F(BoosterTest, IsLoadedWithTheImportanceOfItsColumns) {
  const testing_support::TemporaryFolder folder;
  Booster booster = grown(4);
  booster.name_columns({"a", "b", "c", "d", "e"});
  runtime::write_file(folder.path() / checkpoint::kBoosterFile, booster.to_bytes());
  const auto model = config::model_defaults("gradient_boosting");
  const auto fitted = load(folder.path(), model, kColumns, kClasses, 1);
  EXPECT_EQ(fitted->predict(example_.values), booster.predict(matrix_));
  EXPECT_EQ(fitted->parameters(), booster.leaves());
  const auto importance = fitted->importance({"a", "b", "c", "d", "e"});
  EXPECT_EQ(importance.measure, Importance::Measure::kGain);
  ASSERT_EQ(importance.columns.size(), kColumns);
  EXPECT_EQ(importance.columns.front().column, "c");
  EXPECT_EQ(importance.columns.front().value, booster.column_uses()[2].total_gain);
  EXPECT_THROW(load(folder.path(), model, kColumns + 1, kClasses, 1), runtime::Error);
  EXPECT_THROW(load(folder.path(), model, kColumns, kClasses + 1, 1), checkpoint::CheckpointMismatch);
}

}  // namespace
}  // namespace chorale::baselines
