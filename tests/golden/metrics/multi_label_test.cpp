// Scores of several labels against scikit-learn: multi_label.json is written by make_goldens.py.
#include "pipeline/metrics/multi_label.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "golden/metrics/golden.hpp"

namespace chorale::metrics {
namespace {

// Ratios of integers and sums of at most 150 of them, each rounded by 1e-16.
constexpr double kTolerance = 1e-12;

nlohmann::json cases() { return testing_support::golden_part("multi_label.json", "cases"); }

void expect_same(const std::optional<double>& ours, const nlohmann::json& golden, const char* what) {
  ASSERT_EQ(ours.has_value(), !golden.is_null()) << what;
  if (!ours) return;
  EXPECT_NEAR(*ours, golden.get<double>(), kTolerance) << what;
}

MultiLabel examples_of(const nlohmann::json& golden) {
  return {.classes = golden.at("classes"),
          .scores = golden.at("scores"),
          .truth = golden.at("truth").get<std::vector<std::uint8_t>>()};
}

TEST(MultiLabelGoldens, EveryScoreEqualsScikitLearn) {
  const auto goldens = cases();
  ASSERT_GE(goldens.size(), 7u);
  for (const auto& golden : goldens) {
    SCOPED_TRACE(golden.at("name").get<std::string>());
    const auto thresholds = golden.at("thresholds").get<std::vector<double>>();
    const auto scores = score(examples_of(golden), thresholds);
    for (std::size_t c = 0; c < thresholds.size(); ++c) {
      SCOPED_TRACE(c);
      const ClassRanking& one = scores.per_class.at(c);
      expect_same(one.roc_auc, golden.at("roc_auc").at(c), "AUC");
      expect_same(one.average_precision, golden.at("average_precision").at(c), "average precision");
      EXPECT_NEAR(one.decisions.f1(), golden.at("f1").at(c), kTolerance);
      EXPECT_NEAR(one.decisions.precision(), golden.at("precision").at(c), kTolerance);
      EXPECT_NEAR(one.decisions.recall(), golden.at("recall").at(c), kTolerance);
    }
    expect_same(scores.macro_auc, golden.at("macro_auc"), "macro AUC");
    expect_same(scores.macro_average_precision, golden.at("macro_average_precision"), "macro AP");
    expect_same(scores.macro_f1, golden.at("macro_f1"), "macro F1");
    EXPECT_NEAR(scores.micro_f1, golden.at("micro_f1"), kTolerance);
    EXPECT_NEAR(scores.weighted_f1, golden.at("weighted_f1"), kTolerance);
    EXPECT_NEAR(scores.hamming_loss, golden.at("hamming_loss"), kTolerance);
    EXPECT_NEAR(scores.subset_accuracy, golden.at("subset_accuracy"), kTolerance);
  }
}

TEST(MultiLabelGoldens, TunedThresholdsAreThoseOfASearchOverAll) {
  for (const auto& golden : cases()) {
    SCOPED_TRACE(golden.at("name").get<std::string>());
    EXPECT_EQ(best_thresholds(examples_of(golden)), golden.at("thresholds").get<std::vector<double>>());
  }
}

TEST(MultiLabel, AScoreThatIsNoNumberLeavesItsClassUndefined) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  const MultiLabel examples{.classes = 2, .scores = {0.9, kNan, 0.1, 0.2}, .truth = {1, 1, 0, 0}};
  const auto scores = score(examples, best_thresholds(examples));
  EXPECT_EQ(scores.per_class[0].roc_auc, 1.0);
  EXPECT_FALSE(scores.per_class[1].roc_auc);
  EXPECT_FALSE(scores.per_class[1].average_precision);
  EXPECT_EQ(scores.counted, 1u);
  EXPECT_EQ(scores.macro_auc, 1.0);
}

TEST(MultiLabel, WithoutExamplesNothingIsDefined) {
  const MultiLabel none{.classes = 3, .scores = {}, .truth = {}};
  const auto scores = score(none, best_thresholds(none));
  EXPECT_EQ(scores.counted, 0u);
  EXPECT_FALSE(scores.macro_auc || scores.macro_average_precision || scores.macro_f1);
}

}  // namespace
}  // namespace chorale::metrics
