// Steps of training on a GPU: beside the CPU's, and by recorded graphs beside operation by operation.
#include "train/parallel/training_step.hpp"

#include <gtest/gtest.h>

#include "pipeline/comm/lone_communicator.hpp"
#include "pipeline/config/model_options.hpp"
#include "pipeline/device/gpus.hpp"
#include "pipeline/models/inputs.hpp"
#include "support/class_objective.hpp"
#include "support/device.hpp"
#include "support/tensors.hpp"

namespace chorale::train {
namespace {

using testing_support::expect_close;
using testing_support::test_device;

constexpr models::InputShape kShape = {.bins = 128, .frames = 64, .vector = 20};
constexpr std::int64_t kClasses = 5, kBatch = 8;

samples::Batch batch_of(std::uint32_t n) {
  samples::Batch batch;
  batch.global_count = n;
  for (std::uint32_t i = 0; i < n; ++i) batch.samples.push_back(i);
  batch.tracks = batch.global_tracks = batch.samples;
  return batch;
}

// A model in training on a device, always from the same weights.
struct Training {
  Training(const config::Model& model_options, const config::Train& options, torch::Device on)
      : device(on),
        objective(testing_support::class_objective(torch::arange(kBatch) % kClasses, kClasses, options, on)) {
    torch::manual_seed(1);
    model = models::make_model(model_options, kShape, kClasses);
    model->to(device);
    step.emplace(*model, objective, options, *communicator);
  }

  // Step `number`, on n samples.
  StepSums run(std::uint64_t number, std::uint32_t n = kBatch) {
    torch::manual_seed(1000 + number);
    const models::Inputs host = {.frames = torch::randn({n, 1, kShape.bins, kShape.frames}),
                                 .vector = torch::randn({n, kShape.vector})};
    return step->run(models::on_device(host, device), batch_of(n), 1e-3, number, false).get();
  }

  torch::Device device;
  Objective objective;
  std::unique_ptr<comm::Communicator> communicator = comm::make_lone_communicator();
  std::shared_ptr<models::Model> model;
  std::optional<TrainingStep> step;
};

class GpuStep : public testing::Test {
 protected:
  GpuStep() { device::repeat_exactly(); }
  device::Stream stream_{test_device()};
};

// Without dropout, whose random numbers differ between devices. The gradient of a step, relative to the
// largest of its tensor: single precision, sums in another order.
TEST_F(GpuStep, HasTheLossAndGradientsOfTheCpu) {
  config::Model options = config::model_defaults("cnn");
  options.conv_dropout = 0;
  options.dropout = {0};
  Training cpu(options, {}, torch::kCPU), gpu(options, {}, test_device());
  const StepSums expected = cpu.run(0), actual = gpu.run(0);
  EXPECT_NEAR(actual.loss, expected.loss, 1e-4);
  EXPECT_EQ(actual.correct, expected.correct);
  const auto on_cpu = cpu.model->named_parameters(), on_gpu = gpu.model->named_parameters();
  for (const auto& parameter : on_cpu) {
    const auto& gradient = parameter.value().grad();
    expect_close(on_gpu[parameter.key()].grad().cpu(), gradient, 0,
                 2e-3 * gradient.abs().max().item<double>() + 1e-7, parameter.key());
  }
}

void expect_same_weights(const Training& a, const Training& b) {
  const auto of_a = models::state_dict(*a.model), of_b = models::state_dict(*b.model);
  for (const auto& [name, tensor] : of_a) EXPECT_TRUE(torch::equal(tensor, of_b.at(name))) << name;
}

class GpuStepOf : public GpuStep,
                  public testing::WithParamInterface<std::tuple<std::string, config::Precision>> {};

// With dropout, and with smaller batches among the full ones.
TEST_P(GpuStepOf, HasTheSameBitsByGraphAndEveryTime) {
  const auto& [name, precision] = GetParam();
  config::Train graphs, eager;
  graphs.precision = eager.precision = precision;
  eager.cuda_graphs = config::CudaGraphs::kOff;
  const auto options = config::model_defaults(name);
  Training by_graph(options, graphs, test_device()), by_operation(options, eager, test_device()),
      again(options, eager, test_device());
  for (std::uint64_t i = 0; i < 8; ++i) {
    const std::uint32_t n = i == 5 ? 3 : kBatch;
    const auto expected = by_operation.run(i, n);
    EXPECT_EQ(by_graph.run(i, n).loss, expected.loss) << "step " << i;
    EXPECT_EQ(again.run(i, n).loss, expected.loss) << "step " << i;
  }
  expect_same_weights(by_operation, again);
  expect_same_weights(by_operation, by_graph);
}

INSTANTIATE_TEST_SUITE_P(All, GpuStepOf,
                         testing::Combine(testing::ValuesIn(config::network_names()),
                                          testing::Values(config::Precision::kFp32,
                                                          config::Precision::kBf16)));

}  // namespace
}  // namespace chorale::train
