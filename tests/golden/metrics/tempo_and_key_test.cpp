// Against mir_eval: tempo_and_key.json is written by make_goldens.py.
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "golden/metrics/golden.hpp"
#include "pipeline/metrics/keys.hpp"
#include "pipeline/metrics/tempo.hpp"

namespace chorale::metrics {
namespace {

nlohmann::json golden(const char* part) { return testing_support::golden_part("tempo_and_key.json", part); }

TEST(TempoGoldens, AccuraciesEqualMirEval) {
  const auto expected = golden("tempo");
  const auto scores = score_tempo(expected.at("estimates").get<std::vector<double>>(),
                                  expected.at("truth").get<std::vector<double>>());
  ASSERT_TRUE(scores);
  EXPECT_DOUBLE_EQ(scores->accuracy1, expected.at("accuracy1"));
  EXPECT_DOUBLE_EQ(scores->accuracy2, expected.at("accuracy2"));
  // The sum of 60 numbers below 600, in another order.
  EXPECT_NEAR(scores->mean_absolute_error, expected.at("mean_absolute_error"), 1e-10);
}

TEST(Tempo, IsUndefinedWithoutExamplesOrNumbers) {
  EXPECT_FALSE(score_tempo({}, {}));
  EXPECT_FALSE(score_tempo(std::vector{std::numeric_limits<double>::quiet_NaN()}, std::vector{120.0}));
}

// Of a scale that knows negative numbers, such as valence.
TEST(Tempo, ToleranceIsAPartOfTheSizeOfTheTruth) {
  const auto scores = score_tempo(std::vector{-0.51, 0.5, 3.0}, std::vector{-0.5, -0.5, -0.5});
  EXPECT_DOUBLE_EQ(scores->accuracy1, 1.0 / 3);
  EXPECT_DOUBLE_EQ(scores->accuracy2, 1.0 / 3);
}

TEST(KeyGoldens, EveryPairEqualsMirEval) {
  const auto expected = golden("key");
  ASSERT_EQ(expected.size(), 24u);
  for (std::int32_t truth = 0; truth < 24; ++truth) {
    for (std::int32_t estimate = 0; estimate < 24; ++estimate)
      EXPECT_EQ(key_score(truth, estimate), expected.at(truth).at(estimate)) << truth << " " << estimate;
  }
}

}  // namespace
}  // namespace chorale::metrics
