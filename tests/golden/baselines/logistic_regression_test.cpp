// Multinomial logistic regression against scikit-learn: baselines.json is written by make_goldens.py.
#include "train/baselines/logistic_regression.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "golden/baselines/golden.hpp"

namespace chorale::train {
namespace {

// scikit-learn stops before the minimum: its solvers lbfgs and newton-cg, each told to go as far as it can,
// differ by 2.4e-6 in the weights and 9e-7 in the probabilities with C = 100, where the minimum is flattest.
constexpr double kTolerance = 1e-5, kProbabilityTolerance = 2e-6;

// The bias is known up to what all classes have in common.
std::vector<double> centred(std::vector<double> bias) {
  const double mean = std::accumulate(bias.begin(), bias.end(), 0.0) / static_cast<double>(bias.size());
  for (double& value : bias) value -= mean;
  return bias;
}

TEST(LogisticRegressionGoldens, EqualScikitLearn) {
  const auto goldens = testing_support::baseline_goldens();
  ASSERT_GE(goldens.at("linear").size(), 5u);
  for (const auto& golden : goldens.at("linear")) {
    SCOPED_TRACE(golden.at("name").get<std::string>());
    const std::vector<float> values = golden.at("values"), others = golden.at("others");
    const std::vector<float> weights = golden.at("weights");
    const std::vector<std::int32_t> truth = golden.at("truth");
    const auto model = fit_logistic_regression({values, goldens.at("columns"), truth, weights},
                                               golden.at("classes"), golden.at("C"));
    ASSERT_EQ(model.weights.size(), golden.at("weight").size());
    for (std::size_t i = 0; i < model.weights.size(); ++i)
      EXPECT_NEAR(model.weights[i], golden.at("weight").at(i), kTolerance) << i;
    const auto bias = centred(model.bias), expected = centred(golden.at("bias"));
    ASSERT_EQ(bias.size(), expected.size());
    for (std::size_t i = 0; i < bias.size(); ++i) EXPECT_NEAR(bias[i], expected[i], kTolerance) << i;
    const auto probabilities = model.predict(others);
    ASSERT_EQ(probabilities.size(), golden.at("probabilities").size());
    for (std::size_t i = 0; i < probabilities.size(); ++i)
      EXPECT_NEAR(probabilities[i], golden.at("probabilities").at(i), kProbabilityTolerance) << i;
  }
}

}  // namespace
}  // namespace chorale::train
