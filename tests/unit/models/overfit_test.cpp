// What a network of this size must be able to do: learn 32 samples of noise by heart.
#include <gtest/gtest.h>

#include "support/small_models.hpp"

namespace chorale::models {
namespace {

constexpr std::int64_t kSamples = 32, kClasses = 4;
constexpr int kMaxSteps = 400, kStepsBetweenLooks = 10;

class EveryModel : public testing::TestWithParam<std::string> {};

TEST_P(EveryModel, OverfitsThirtyTwoSamplesToZeroError) {
  torch::manual_seed(1);
  const InputShape shape = testing_support::small_shape(GetParam());
  const auto model = make_model(testing_support::small_options(GetParam()), shape, kClasses);
  const Inputs inputs = testing_support::random_inputs(kSamples, shape);
  const auto labels = torch::arange(kSamples) % kClasses;
  torch::optim::Adam optimizer(model->parameters(), torch::optim::AdamOptions(1e-3));

  const auto errors = [&] {
    const torch::NoGradGuard no_grad;
    model->eval();
    const auto wrong = model->forward(inputs).argmax(1).ne(labels).sum().item<std::int64_t>();
    model->train();
    return wrong;
  };
  for (int step = 1; step <= kMaxSteps; ++step) {
    optimizer.zero_grad();
    torch::nn::functional::cross_entropy(model->forward(inputs), labels).backward();
    optimizer.step();
    if (step % kStepsBetweenLooks == 0 && errors() == 0) return;
  }
  FAIL() << errors() << " of " << kSamples << " wrong after " << kMaxSteps << " steps";
}

INSTANTIATE_TEST_SUITE_P(Models, EveryModel, testing::ValuesIn(config::network_names()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace chorale::models
