// Forests and boosted trees against the Python package xgboost of the same version: baselines.json is written
// by make_goldens.py.
#include <gtest/gtest.h>

#include "golden/baselines/golden.hpp"
#include "pipeline/baselines/booster.hpp"
#include "pipeline/baselines/tree_parameters.hpp"
#include "pipeline/config/model_options.hpp"

namespace chorale::baselines {
namespace {

// Single precision; the two libraries come from different compilers.
constexpr double kTolerance = 2e-6;
constexpr double kGainTolerance = 1e-4;  // relative

// The options of the golden as somebody would set them in [model].
config::Model model_of(const nlohmann::json& golden) {
  config::Model model = config::model_defaults(golden.at("model"));
  const auto& set = golden.at("parameters");
  model.trees = set.value("num_parallel_tree", 100);
  model.max_depth = set.at("max_depth");
  model.subsample = set.at("subsample");
  model.min_child_weight = set.at("min_child_weight");
  model.lambda = set.at("lambda");
  if (model.eta) model.eta = set.at("eta").get<double>();
  if (model.colsample_bytree) model.colsample_bytree = set.at("colsample_bytree").get<double>();
  if (model.colsample_bynode) model.colsample_bynode = set.at("colsample_bynode").get<double>();
  return model;
}

TEST(TreesGoldens, EqualThePythonPackage) {
  const auto goldens = testing_support::baseline_goldens();
  ASSERT_EQ(goldens.at("versions").at("xgboost"), "1.7.4");
  ASSERT_GE(goldens.at("trees").size(), 4u);
  const std::size_t columns = goldens.at("columns");
  for (const auto& golden : goldens.at("trees")) {
    SCOPED_TRACE(golden.at("name").get<std::string>());
    const std::vector<float> values = golden.at("values"), others = golden.at("others");
    const std::vector<std::int32_t> truth = golden.at("truth");
    const std::vector<float> weights = golden.at("weights");
    Matrix training(values, columns);
    training.set_classes(truth);
    training.set_weights(weights);
    Booster booster(
        tree_parameters(model_of(golden), golden.at("parameters").value("seed", 0), golden.at("classes"), 2),
        {&training});
    for (int round = 0; round < golden.at("rounds"); ++round) booster.grow(training);

    const auto probabilities = booster.predict(Matrix(others, columns));
    ASSERT_EQ(probabilities.size(), golden.at("probabilities").size());
    for (std::size_t i = 0; i < probabilities.size(); ++i)
      ASSERT_NEAR(probabilities[i], golden.at("probabilities").at(i), kTolerance) << i;
    const auto uses = booster.column_uses();
    ASSERT_EQ(uses.size(), columns);
    for (std::size_t i = 0; i < columns; ++i) {
      const double gain = golden.at("total_gain").at(i);
      EXPECT_NEAR(uses[i].total_gain, gain, kGainTolerance * gain) << i;
      EXPECT_EQ(uses[i].splits, golden.at("splits").at(i)) << i;
    }
    EXPECT_EQ(booster.leaves(), golden.at("leaves"));
  }
}

}  // namespace
}  // namespace chorale::baselines
