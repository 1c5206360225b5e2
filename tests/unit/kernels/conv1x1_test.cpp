// Expected values come from torch::conv2d in double precision.
#include "pipeline/kernels/conv1x1.hpp"

#include "convolutions.hpp"

namespace chorale::kernels {
namespace {

using namespace testing_support;

const auto with_stride(std::int64_t stride) {
  return [stride](const auto& x, const auto& w, const auto& b) {
    return conv1x1_fork(x, w, stride).convolved + b.view({1, -1, 1, 1});
  };
}

// Odd sizes; channels that no vector fills; an odd number, for which LibTorch convolves.
const std::vector<std::pair<std::vector<std::int64_t>, std::int64_t>> kShapes = {
    {{3, 64, 7, 9}, 256}, {{2, 20, 8, 5}, 6}, {{2, 5, 4, 4}, 8}, {{1, 512, 3, 2}, 130}};

TEST(Conv1x1, EqualsTheDefinition) {
  torch::manual_seed(1);
  for (const std::int64_t stride : {1, 2}) {
    for (const auto& [sizes, outputs] : kShapes) {
      const Operands operands(sizes, outputs, 1, stride);
      const auto exact = operands.exact();
      expect_near(operands.results(torch::kFloat32, with_stride(stride)), exact, 2e-6);
      const Bfloat16Guard guard;
      expect_near(operands.results(torch::kFloat32, with_stride(stride)), exact, 1e-2);
    }
  }
}

TEST(Conv1x1, AForkAddsTheOtherGradient) {
  torch::manual_seed(2);
  for (const std::int64_t channels : {32, 5}) {  // ours, LibTorch's
    const Operands operands({2, channels, 9, 7}, channels, 1);
    expect_near(
        operands.results(torch::kFloat32,
                         [](const auto& x, const auto& w, const auto& b) {
                           const auto [y, same] = conv1x1_fork(x, w);
                           return y + b.view({1, -1, 1, 1}) + same * same;
                         }),
        operands.results(torch::kFloat64, [](const auto& x, const auto& w,
                                             const auto& b) { return torch::conv2d(x, w, b) + x * x; }),
        2e-6);
  }
}

TEST(Conv1x1, AForkOfStrideTwoAddsTheOtherGradient) {
  torch::manual_seed(3);
  const Operands operands({2, 32, 9, 7}, 64, 1, 2);
  const auto both = [](const auto& y, const auto& b, const auto& x) {
    return y + b.view({1, -1, 1, 1}) + (x * x).mean();
  };
  expect_near(operands.results(torch::kFloat32,
                               [&](const auto& x, const auto& w, const auto& b) {
                                 const auto [y, same] = conv1x1_fork(x, w, 2);
                                 return both(y, b, same);
                               }),
              operands.results(torch::kFloat64,
                               [&](const auto& x, const auto& w, const auto& b) {
                                 return both(torch::conv2d(x, w, {}, 2), b, x);
                               }),
              2e-6);
}

TEST(Conv1x1, RefusesWhatDoesNotFit) {
  EXPECT_THROW(conv1x1_fork(torch::ones({1, 32, 8, 8}), torch::ones({32, 64, 1, 1})), c10::Error);
}

TEST(Conv1x1, OnlyTheOtherWayOfAForkHasAGradient) {
  const auto x = torch::randn({1, 32, 4, 4}).requires_grad_(),
             w = torch::randn({32, 32, 1, 1}).requires_grad_();
  conv1x1_fork(x, w).images.sum().backward();
  EXPECT_TRUE(torch::equal(x.grad(), torch::ones_like(x)));
  EXPECT_FALSE(w.grad().defined());
}

TEST(Conv1x1, IsChannelsLastAndTakesNoImages) {
  EXPECT_TRUE(conv1x1_fork(torch::randn({2, 32, 5, 6}), torch::randn({64, 32, 1, 1}))
                  .convolved.is_contiguous(kLayout));
  const Operands none({0, 32, 4, 4}, 32, 1);
  const auto results = none.results(torch::kFloat32, with_stride(1));
  EXPECT_EQ(results.y.sizes(), (std::vector<std::int64_t>{0, 32, 4, 4}));
  EXPECT_EQ(results.dw.abs().max().item<float>(), 0);
}

}  // namespace
}  // namespace chorale::kernels
