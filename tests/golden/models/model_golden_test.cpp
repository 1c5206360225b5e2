// Every model beside the same model in Python PyTorch (tests/twins/models.py): outputs, loss, gradients and
// running statistics of a training step, and outputs in evaluation (make_goldens.py).
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "golden/models/case_options.hpp"
#include "golden/models/numbers.hpp"
#include "support/tensors.hpp"

namespace chorale::models {
namespace {

namespace fs = std::filesystem;
using testing_support::Tensors;

// Relative to the largest number of a tensor, or to a hundredth of the largest of its kind (gradients of a
// bias before a normalisation are nothing but rounding). Expected values are in double precision: beside this
// much, twice the error of PyTorch in single precision is allowed, which tells how a deep network magnifies
// rounding.
constexpr double kTolerance = 2e-5;
constexpr double kSmall = 0.01;
constexpr std::int64_t kBatch = 6, kOutputs = 5;
constexpr double kPadding = -0.5;

std::vector<std::string> cases() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(testing_support::golden_file("models/cases"))) {
    names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Inputs inputs_of_case(testing_support::Numbers& numbers, InputShape shape, bool clips) {
  Inputs inputs{.frames = numbers.tensor({kBatch, 1, shape.bins, shape.frames}),
                .vector = numbers.tensor({kBatch, shape.vector})};
  if (!clips) return inputs;
  inputs.lengths = torch::empty({kBatch}, torch::kInt64);
  for (std::int64_t i = 0; i < kBatch; ++i) {
    const std::int64_t length = shape.frames - i * shape.frames / (kBatch + 1);
    inputs.lengths[i] = length;
    inputs.frames[i].slice(2, length).fill_(kPadding);
  }
  return inputs;
}

// Largest error over tensors of one kind, by name.
class Errors {
 public:
  Errors(const Tensors& golden, double tolerance) : golden_(golden), tolerance_(tolerance) {}

  void add(const std::string& prefix, const Tensors& actual) {
    double largest = 0;
    for (const auto& [name, tensor] : actual) {
      largest = std::max(largest, golden_.at(prefix + name).abs().max().item<double>());
    }
    for (const auto& [name, tensor] : actual) {
      const torch::Tensor& expected = golden_.at(prefix + name);
      ASSERT_EQ(tensor.sizes(), expected.sizes()) << name;
      const double scale = std::max(expected.abs().max().item<double>(), kSmall * largest);
      const double error = (tensor - expected).abs().max().item<double>() / scale;
      EXPECT_LE(error, tolerance_) << prefix + name;
      largest_ = std::max(largest_, error);
    }
  }
  double largest() const { return largest_; }

 private:
  const Tensors& golden_;
  double tolerance_, largest_ = 0;
};

Tensors gradients_of(const Model& model) {
  Tensors gradients;
  for (const auto& item : model.named_parameters()) gradients.emplace(item.key(), item.value().grad());
  return gradients;
}

Tensors statistics_of(const Model& model) {
  Tensors statistics;
  for (const auto& item : model.named_buffers()) {
    if (!item.key().ends_with("num_batches_tracked")) statistics.emplace(item.key(), item.value());
  }
  return statistics;
}

class ModelGolden : public testing::TestWithParam<std::string> {};

TEST_P(ModelGolden, OutputsLossAndGradientsAreThoseOfPyTorch) {
  const auto path = testing_support::golden_file("models/cases/" + GetParam() + ".safetensors");
  const Tensors golden = testing_support::read_tensors(path);
  const auto settings = testing_support::settings_of(GetParam());
  const bool clips = GetParam().ends_with("_clips");
  InputShape shape{settings.at("bins"), settings.at("frames"), settings.at("vector")};
  testing_support::Numbers numbers;
  const auto model = make_model(testing_support::options_of(settings), shape, kOutputs);
  testing_support::set_weights(*model, numbers);
  const Inputs inputs = inputs_of_case(numbers, shape, clips);

  const double of_pytorch = settings.at("error_in_single_precision");
  // Deep narrow networks normalise few values: PyTorch in single precision is off by more there, and so are
  // sums in another order.
  Errors errors(golden, kTolerance + 5 * of_pytorch);
  const auto outputs = model->forward(inputs);
  const auto loss = torch::nn::functional::cross_entropy(outputs, torch::arange(kBatch) % kOutputs);
  loss.backward();
  errors.add("", {{"outputs", outputs}, {"loss", loss}});
  errors.add("gradient.", gradients_of(*model));
  errors.add("statistics.", statistics_of(*model));
  model->eval();
  const torch::NoGradGuard no_grad;
  errors.add("", {{"evaluation", model->forward(inputs)}});
  std::cout << fmt::format("| `{}` | {:.1e} | {:.1e} |\n", GetParam(), errors.largest(), of_pytorch);
}

INSTANTIATE_TEST_SUITE_P(Cases, ModelGolden, testing::ValuesIn(cases()),
                         [](const auto& test) { return test.param; });

TEST(ModelGoldens, CoverEveryModel) { EXPECT_THAT(cases(), testing::IsSupersetOf(config::network_names())); }

}  // namespace
}  // namespace chorale::models
