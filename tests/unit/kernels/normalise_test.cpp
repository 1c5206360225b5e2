// Batch normalisation over ranks against torch's own on the whole batch. The ranks are threads of one
// process.
#include "pipeline/kernels/normalise.hpp"

#include <barrier>
#include <mutex>
#include <thread>

#include "support/tensors.hpp"

namespace chorale::kernels {
namespace {

using testing_support::expect_close;

struct Layer {
  explicit Layer(std::int64_t channels) {
    norm.weight = torch::linspace(0.5, 2, channels).set_requires_grad(true);
    norm.bias = torch::linspace(-1, 1, channels).set_requires_grad(true);
    norm.running_mean = torch::full({channels}, 0.25);
    norm.running_var = torch::full({channels}, 2.0);
    norm.training = true;
  }
  BatchNorm norm;
};

// The sums of one rank: nothing to add.
class Alone : public StatisticsReducer {
 public:
  void add_up(torch::Tensor sums) override { calls.push_back(sums.clone()); }
  std::vector<torch::Tensor> calls;
};

// Two threads that add up with each other.
class Pair : public StatisticsReducer {
 public:
  void add_up(torch::Tensor sums) override {
    {
      const std::lock_guard lock(mutex_);
      parts_.push_back(sums.clone());
    }
    barrier_.arrive_and_wait();
    sums.copy_(parts_[parts_.size() - 2] + parts_.back());
    barrier_.arrive_and_wait();
  }

 private:
  std::mutex mutex_;
  std::barrier<> barrier_{2};
  std::vector<torch::Tensor> parts_;
};

class Normalise : public testing::TestWithParam<std::vector<std::int64_t>> {};

// Far from 0, as decibels are. The tolerances are some roundings of float values of about 40 / deviation 5.
torch::Tensor samples(std::vector<std::int64_t> shape) {
  torch::manual_seed(3);
  return torch::randn(shape) * 5 - 40;
}

TEST_P(Normalise, WithAReducerOfOneRankIsTorchsOwn) {
  const auto x = samples(GetParam()).set_requires_grad(true);
  const auto dy = torch::randn_like(x);
  Layer torchs(x.size(1)), ours(x.size(1));
  const auto expected = normalise(x, torchs.norm);
  expected.backward(dy);
  const auto dx = x.grad().clone();
  x.mutable_grad().reset();

  Alone reducer;
  ours.norm.reducer = &reducer;
  const auto y = normalise(x, ours.norm);
  y.backward(dy);
  EXPECT_EQ(reducer.calls.size(), 2U);
  EXPECT_EQ(reducer.calls[0].numel(), 2 * x.size(1) + 1);
  EXPECT_EQ(reducer.calls[1].numel(), 2 * x.size(1));
  expect_close(y, expected, 1e-5, 1e-5, "y");
  expect_close(x.grad(), dx, 1e-4, 1e-5, "dx");
  expect_close(ours.norm.weight.grad(), torchs.norm.weight.grad(), 1e-4, 1e-4, "weight");
  expect_close(ours.norm.bias.grad(), torchs.norm.bias.grad(), 1e-5, 1e-5, "bias");
  expect_close(ours.norm.running_mean, torchs.norm.running_mean, 1e-6, 0, "running mean");
  expect_close(ours.norm.running_var, torchs.norm.running_var, 1e-5, 0, "running variance");
}

// The second rank has one sample, or none.
TEST_P(Normalise, PartsOfABatchGiveWhatTheWholeDoes) {
  const auto x = samples(GetParam()), dy = torch::randn_like(x);
  const auto run = [&](std::int64_t first, std::int64_t last, Layer& layer) {
    const auto part = x.slice(0, first, last).clone().set_requires_grad(true);
    const auto y = normalise(part, layer.norm);
    y.backward(dy.slice(0, first, last));
    return std::pair(y.detach(), part.grad());
  };
  const std::int64_t n = x.size(0);
  Layer whole(x.size(1));
  const auto [y, dx] = run(0, n, whole);
  for (const std::int64_t split : {n - 1, n}) {
    Pair pair;
    Layer first(x.size(1)), second(x.size(1));
    first.norm.reducer = second.norm.reducer = &pair;
    std::pair<torch::Tensor, torch::Tensor> head, tail;
    std::thread other([&] { tail = run(split, n, second); });
    head = run(0, split, first);
    other.join();
    expect_close(torch::cat({head.first, tail.first}), y, 1e-5, 1e-5, "y");
    expect_close(torch::cat({head.second, tail.second}), dx, 1e-4, 1e-5, "dx");
    expect_close(first.norm.weight.grad() + second.norm.weight.grad(), whole.norm.weight.grad(), 1e-4, 1e-4,
                 "weight");
    for (const Layer& layer : {first, second}) {
      expect_close(layer.norm.running_mean, whole.norm.running_mean, 1e-6, 0, "running mean");
      expect_close(layer.norm.running_var, whole.norm.running_var, 1e-5, 0, "running variance");
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, Normalise,
                         testing::Values(std::vector<std::int64_t>{5, 3}, std::vector<std::int64_t>{4, 3, 7},
                                         std::vector<std::int64_t>{3, 4, 6, 5}));

TEST(NormaliseTypes, Bfloat16ComesBackAsSuch) {
  const auto x = samples({4, 3, 6}).to(torch::kBFloat16).set_requires_grad(true);
  Layer ours(3), torchs(3);
  Alone reducer;
  ours.norm.reducer = &reducer;
  const auto y = normalise(x, ours.norm);
  y.to(torch::kFloat32).square().sum().backward();
  EXPECT_EQ(y.scalar_type(), torch::kBFloat16);
  EXPECT_EQ(x.grad().scalar_type(), torch::kBFloat16);
  // bfloat16 has 8 bits: values up to 3 within 1/64.
  expect_close(y.to(torch::kFloat32), normalise(x.to(torch::kFloat32), torchs.norm), 0, 1.0 / 64, "y");
}

TEST(NormaliseTypes, EvaluationUsesRunningStatisticsAndAsksNobody) {
  const auto x = samples({4, 3});
  Layer layer(3);
  Alone reducer;
  layer.norm.reducer = &reducer;
  layer.norm.training = false;
  const auto expected =
      (x - 0.25) / std::sqrt(2.0 + 1e-5) * layer.norm.weight.detach() + layer.norm.bias.detach();
  expect_close(normalise(x, layer.norm).detach(), expected, 1e-5, 1e-5, "y");
  EXPECT_TRUE(reducer.calls.empty());
}

TEST(Normalise, OneValueAChannelLeavesTheRunningStatisticsAsTheyAre) {
  BatchNorm norm{.weight = torch::ones({3}),
                 .bias = torch::zeros({3}),
                 .running_mean = torch::full({3}, 2.0),
                 .running_var = torch::full({3}, 5.0),
                 .training = true};
  // x - x, times 1 / sqrt(eps) = 316: roundings of single precision.
  EXPECT_TRUE(torch::allclose(normalise(torch::randn({1, 3}), norm), torch::zeros({1, 3}), 0, 1e-3));
  EXPECT_TRUE(torch::equal(norm.running_mean, torch::full({3}, 2.0)));
  EXPECT_TRUE(torch::equal(norm.running_var, torch::full({3}, 5.0)));
}

}  // namespace
}  // namespace chorale::kernels
