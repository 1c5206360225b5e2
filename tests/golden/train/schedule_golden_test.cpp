// Expected rates come from torch.optim.lr_scheduler in Python (make_goldens.py), in double precision. Torch
// multiplies its way from step to step in some of them: 1e-12 relative.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "support/tensors.hpp"
#include "train/optim/schedule.hpp"

namespace chorale::train {
namespace {

using Rates = std::vector<double>;
constexpr double kRelative = 1e-12;

const nlohmann::json& golden() {
  static const auto json =
      nlohmann::json::parse(std::ifstream(testing_support::golden_file("train/schedules.json")));
  return json;
}

const std::int64_t kStepsPerEpoch = golden().at("steps_per_epoch");

config::Train options_of(config::Schedule schedule, std::int64_t epochs) {
  config::Train options;
  options.lr = 0.02;
  options.schedule = schedule;
  options.epochs = epochs;
  options.factor = 0.3;
  return options;
}

void expect_rates(const Rates& actual, const std::string& name) {
  const Rates expected = golden().at(name);
  ASSERT_EQ(actual.size(), expected.size()) << name;
  for (std::size_t step = 0; step < expected.size(); ++step) {
    EXPECT_NEAR(actual[step], expected[step], kRelative * expected[step]) << name << ", step " << step;
  }
}

Rates rates(const config::Train& options) {
  Rates result;
  for (std::int64_t step = 0; step < options.epochs * kStepsPerEpoch; ++step) {
    result.push_back(learning_rate(options, step, kStepsPerEpoch, {}));
  }
  return result;
}

TEST(ScheduleGolden, Constant) {
  auto options = options_of(config::Schedule::kConstant, 7);
  expect_rates(rates(options), "constant");
  options.warmup_epochs = 2;
  expect_rates(rates(options), "warm_constant");
}

TEST(ScheduleGolden, Cosine) {
  auto options = options_of(config::Schedule::kCosine, 7);
  expect_rates(rates(options), "cosine");
  options.warmup_epochs = 2;
  options.min_lr = 1e-3;
  expect_rates(rates(options), "warm_cosine");
}

TEST(ScheduleGolden, OneCycle) {
  expect_rates(rates(options_of(config::Schedule::kOneCycle, 7)), "one_cycle");
  expect_rates(rates(options_of(config::Schedule::kOneCycle, 2)), "one_cycle_of_two");
}

TEST(ScheduleGolden, Step) {
  auto options = options_of(config::Schedule::kStep, 7);
  options.step_epochs = 3;
  expect_rates(rates(options), "step");
}

void expect_plateau(const Rates& values, Metric::Better better, const std::string& name) {
  auto options = options_of(config::Schedule::kPlateau, static_cast<std::int64_t>(values.size()));
  options.plateau_patience = 1;
  options.min_lr = 1e-3;
  Rates result;
  checkpoint::Plateau plateau;
  for (std::int64_t epoch = 0; epoch < options.epochs; ++epoch) {
    for (std::int64_t step = 0; step < kStepsPerEpoch; ++step) {
      result.push_back(learning_rate(options, epoch * kStepsPerEpoch + step, kStepsPerEpoch, plateau));
    }
    plateau = plateau_after(plateau, values[static_cast<std::size_t>(epoch)], better, options);
  }
  expect_rates(result, name);
}

TEST(ScheduleGolden, Plateau) {
  expect_plateau(golden().at("losses"), Metric::Better::kLower, "plateau_loss");
  expect_plateau(golden().at("scores"), Metric::Better::kHigher, "plateau_score");
}

}  // namespace
}  // namespace chorale::train
