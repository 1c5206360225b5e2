// Every model on a GPU beside the same model on the CPU.
#include <gtest/gtest.h>

#include "pipeline/config/model_options.hpp"
#include "pipeline/device/copies.hpp"
#include "pipeline/device/gpus.hpp"
#include "pipeline/models/inputs.hpp"
#include "pipeline/models/precision.hpp"
#include "support/device.hpp"

namespace chorale::models {
namespace {

using testing_support::test_device;

constexpr InputShape kShape = {.bins = 128, .frames = 64, .vector = 20};

// Without dropout, whose random numbers differ between devices.
config::Model options_of(const std::string& name) {
  config::Model options = config::model_defaults(name);
  if (options.conv_dropout) options.conv_dropout = 0;
  if (options.rnn_dropout) options.rnn_dropout = 0;
  if (options.dropout) std::fill(options.dropout->begin(), options.dropout->end(), 0.0);
  return options;
}

Inputs inputs() {
  torch::manual_seed(3);
  return {.frames = torch::randn({4, 1, kShape.bins, kShape.frames}),
          .vector = torch::randn({4, kShape.vector})};
}

class OnGpu : public testing::TestWithParam<std::string> {
 protected:
  OnGpu() {
    device::repeat_exactly();
    torch::manual_seed(1);
    cpu_ = make_model(options_of(GetParam()), kShape, 5);
    torch::manual_seed(1);
    gpu_ = make_model(options_of(GetParam()), kShape, 5);
    gpu_->to(test_device());
  }

  device::Stream stream_{test_device()};
  std::shared_ptr<Model> cpu_, gpu_;
};

// Of deep networks in single precision, sums in another order. Errors are measured against the largest value.
void expect_close(const torch::Tensor& actual, const torch::Tensor& expected, double tolerance,
                  const std::string& what) {
  const double scale = expected.abs().max().item<double>() + 1e-12;
  EXPECT_LE((actual.cpu().to(torch::kFloat32) - expected).abs().max().item<double>() / scale, tolerance)
      << what;
}

TEST_P(OnGpu, OutputsAndGradientsAreThoseOfTheCpu) {
  const auto host = inputs();
  const auto expected = cpu_->forward(host);
  const auto actual = gpu_->forward(on_device(host, test_device()));
  expect_close(actual.detach(), expected.detach(), 1e-3, "outputs");
  expected.square().mean().backward();
  actual.square().mean().backward();
  const auto on_cpu = cpu_->named_parameters(), on_gpu = gpu_->named_parameters();
  for (const auto& parameter : on_cpu) {
    expect_close(on_gpu[parameter.key()].grad(), parameter.value().grad(), 2e-2, parameter.key());
  }
}

// bfloat16 has 8 bits, and a model may be many layers deep.
TEST_P(OnGpu, OutputsInBf16AreNearThoseOfTheCpu) {
  const torch::NoGradGuard no_grad;
  cpu_->eval();
  gpu_->eval();
  const auto host = inputs();
  const auto expected = cpu_->forward(host);
  const PrecisionGuard precision(config::Precision::kBf16, test_device().type());
  expect_close(gpu_->forward(on_device(host, test_device())), expected, 0.1, "outputs");
}

INSTANTIATE_TEST_SUITE_P(All, OnGpu, testing::ValuesIn(config::network_names()));

}  // namespace
}  // namespace chorale::models
