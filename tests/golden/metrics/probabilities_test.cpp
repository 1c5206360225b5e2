// Calibration and top-k accuracy against scikit-learn: probabilities.json is written by make_goldens.py.
#include <gtest/gtest.h>

#include "eval/metrics/calibration.hpp"
#include "golden/metrics/golden.hpp"

namespace chorale::eval {
namespace {

// Means of at most 200 numbers below 1, each rounded by 1e-16.
constexpr double kTolerance = 1e-12;

nlohmann::json cases() { return testing_support::golden_part("probabilities.json", "cases"); }

metrics::Examples examples_of(const nlohmann::json& golden) {
  metrics::Examples examples{.width = golden.at("classes"), .predictions = golden.at("probabilities")};
  for (const std::int32_t truth : golden.at("truth"))
    examples.labels.push_back(dataset::Label::of_class(truth));
  return examples;
}

TEST(CalibrationGoldens, BinsAndErrorEqualScikitLearn) {
  const auto goldens = cases();
  ASSERT_GE(goldens.size(), 4u);
  for (const auto& golden : goldens) {
    SCOPED_TRACE(golden.at("name").get<std::string>());
    const Calibration calibration = calibrate(examples_of(golden), golden.at("bins"));
    ASSERT_EQ(calibration.bins.size(), golden.at("counts").size());
    std::size_t filled = 0;
    for (std::size_t b = 0; b < calibration.bins.size(); ++b) {
      const ReliabilityBin& bin = calibration.bins[b];
      ASSERT_EQ(bin.n, golden.at("counts").at(b).get<std::int64_t>()) << b;
      if (bin.n == 0) continue;
      EXPECT_NEAR(bin.accuracy, golden.at("accuracy").at(filled), kTolerance) << b;
      EXPECT_NEAR(bin.confidence, golden.at("confidence").at(filled), kTolerance) << b;
      ++filled;
    }
    EXPECT_NEAR(calibration.expected_error, golden.at("expected_calibration_error"), kTolerance);
  }
}

TEST(TopKGoldens, EqualScikitLearn) {
  const auto goldens = cases();
  ASSERT_GE(goldens.size(), 4u);
  for (const auto& golden : goldens) {
    SCOPED_TRACE(golden.at("name").get<std::string>());
    const auto& expected = golden.at("top_k");
    ASSERT_FALSE(expected.empty());
    for (std::size_t k = 1; k <= expected.size(); ++k)
      EXPECT_NEAR(top_k_accuracy(examples_of(golden), k), expected.at(k - 1), kTolerance) << k;
  }
}

TEST(Calibration, OfNothingIsZero) {
  const metrics::Examples none{.width = 3};
  EXPECT_EQ(calibrate(none).expected_error, 0);
  EXPECT_EQ(top_k_accuracy(none, 2), 0);
}

}  // namespace
}  // namespace chorale::eval
