// Scores against scikit-learn: confusion.json is written by make_goldens.py (versions pinned beside it).
#include "pipeline/metrics/confusion.hpp"

#include <gtest/gtest.h>

#include "golden/metrics/golden.hpp"

namespace chorale::metrics {
namespace {

// Ratios of small integers and means of at most 16 of them: both sides round a few times, by 1e-16 each.
constexpr double kTolerance = 1e-12;

TEST(ConfusionGoldens, EveryScoreEqualsScikitLearn) {
  const auto goldens = testing_support::golden_part("confusion.json", "cases");
  ASSERT_GE(goldens.size(), 9u);
  for (const auto& golden : goldens) {
    SCOPED_TRACE(golden.at("name").get<std::string>());
    const auto truth = golden.at("truth").get<std::vector<std::int32_t>>();
    const auto predicted = golden.at("predicted").get<std::vector<std::int32_t>>();
    const Confusion confusion = count(truth, predicted, golden.at("classes"));
    const Scores scores = score(confusion);
    EXPECT_NEAR(scores.accuracy, golden.at("accuracy"), kTolerance);
    EXPECT_NEAR(scores.balanced_accuracy, golden.at("balanced_accuracy"), kTolerance);
    EXPECT_NEAR(scores.macro_precision, golden.at("macro_precision"), kTolerance);
    EXPECT_NEAR(scores.macro_recall, golden.at("macro_recall"), kTolerance);
    EXPECT_NEAR(scores.macro_f1, golden.at("macro_f1"), kTolerance);
    EXPECT_NEAR(scores.weighted_f1, golden.at("weighted_f1"), kTolerance);
    for (std::size_t c = 0; c < confusion.classes(); ++c) {
      SCOPED_TRACE(c);
      EXPECT_NEAR(scores.per_class[c].precision, golden.at("precision").at(c), kTolerance);
      EXPECT_NEAR(scores.per_class[c].recall, golden.at("recall").at(c), kTolerance);
      EXPECT_NEAR(scores.per_class[c].f1, golden.at("f1").at(c), kTolerance);
      EXPECT_EQ(scores.per_class[c].support, golden.at("support").at(c));
      for (std::size_t p = 0; p < confusion.classes(); ++p)
        EXPECT_EQ(confusion.at(c, p), golden.at("confusion").at(c).at(p));
    }
  }
}

}  // namespace
}  // namespace chorale::metrics
