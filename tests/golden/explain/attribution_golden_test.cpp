// Grad-CAM and saliency of every model beside PyTorch's with hooks (make_goldens.py).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "golden/models/case_options.hpp"
#include "golden/models/numbers.hpp"
#include "pipeline/kernels/activation_watch.hpp"
#include "pipeline/models/attribution.hpp"

namespace chorale::models {
namespace {

using testing_support::Tensors;

// Absolute, of shares of the largest value, which is 1. Expected values are in double precision.
constexpr double kTolerance = 1e-4;
constexpr std::int64_t kBatch = 2, kOutputs = 5;

const Tensors& goldens() {
  static const Tensors tensors =
      testing_support::read_tensors(testing_support::golden_file("explain/goldens.safetensors"));
  return tensors;
}

std::vector<std::string> cases() {
  std::vector<std::string> names;
  for (const auto& [name, map] : goldens()) names.push_back(name);
  return names;
}

// A model with the weights and the inputs of a case.
struct Case {
  explicit Case(const std::string& name) {
    const auto settings = testing_support::settings_of(name);
    const InputShape shape{settings.at("bins"), settings.at("frames"), settings.at("vector")};
    testing_support::Numbers numbers;
    model = make_model(testing_support::options_of(settings), shape, kOutputs);
    testing_support::set_weights(*model, numbers);
    model->eval();
    inputs.frames = numbers.tensor({kBatch, 1, shape.bins, shape.frames});
    inputs.vector = numbers.tensor({kBatch, shape.vector});
  }

  std::shared_ptr<Model> model;
  Inputs inputs;
};

class AttributionGolden : public testing::TestWithParam<std::string> {};

TEST_P(AttributionGolden, IsThatOfPyTorch) {
  const Case each(GetParam());
  const auto attribution = attribute(*each.model, each.inputs, torch::tensor({1, 3}, torch::kInt64));
  testing_support::expect_close(attribution.map, goldens().at(GetParam()), 0, kTolerance, GetParam());
  const bool recurrent =
      std::ranges::count(std::vector<std::string>{"lstm", "gru", "rnn", "multitask_rnn"}, GetParam()) > 0;
  EXPECT_EQ(attribution.method, recurrent ? AttributionMethod::kSaliency : AttributionMethod::kGradCam);
  for (const auto& parameter : each.model->parameters()) EXPECT_FALSE(parameter.grad().defined());
}

// Rounding alone may differ, since it goes through other operations.
TEST_P(AttributionGolden, WatchingLeavesTheOutputsAsTheyAre) {
  const Case each(GetParam());
  const torch::NoGradGuard no_gradients;
  const auto outputs = each.model->forward(each.inputs);
  const kernels::ActivationWatch watch;
  testing_support::expect_close(each.model->forward(each.inputs), outputs, 1e-4, 1e-4, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Cases, AttributionGolden, testing::ValuesIn(cases()),
                         [](const auto& test) { return test.param; });

TEST(AttributionGoldens, CoverEveryModel) {
  auto networks = config::model_names();
  std::erase_if(networks, config::is_baseline);
  EXPECT_THAT(cases(), testing::IsSupersetOf(networks));
}

}  // namespace
}  // namespace chorale::models
