// Expected values come from torch::conv2d in double precision.
#include "pipeline/kernels/conv3x3.hpp"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <limits>

#include "convolutions.hpp"
#include "pipeline/kernels/images.hpp"
#include "pipeline/kernels/winograd/convolution.hpp"

namespace chorale::kernels {
namespace {

using namespace testing_support;

Results ours(const Operands& operands) { return operands.results(torch::kFloat32, conv3x3); }

// Sizes: odd; small filters, whose gradients are summed in parts; large ones; more tiles than fit at once;
// channels that no vector fills, for which LibTorch convolves.
const std::vector<std::pair<std::vector<std::int64_t>, std::int64_t>> kShapes = {{{3, 64, 15, 17}, 64},
                                                                                 {{2, 256, 8, 9}, 192},
                                                                                 {{1, 32, 64, 65}, 32},
                                                                                 {{2, 20, 8, 8}, 12},
                                                                                 {{1, 64, 1, 1}, 64}};

TEST(Conv3x3, SinglePrecisionEqualsTheDefinition) {
  torch::manual_seed(1);
  for (const auto& [sizes, outputs] : kShapes) {
    const Operands operands(sizes, outputs);
    expect_near(ours(operands), operands.exact(), 2e-6);
  }
}

// bfloat16 keeps 8 bits, 0.4 %, of images, weights and gradients.
TEST(Conv3x3, BfloatEqualsTheDefinition) {
  torch::manual_seed(2);
  for (const auto& [sizes, outputs] : kShapes) {
    const Operands operands(sizes, outputs);
    const auto exact = operands.exact();
    const Bfloat16Guard guard;
    const auto results = ours(operands);
    EXPECT_EQ(results.y.scalar_type(), torch::kBFloat16);
    expect_near(results, exact, 1e-2);
  }
}

TEST(Conv3x3, IsChannelsLastAndComputedByWinogradWhereTheProcessorCan) {
  torch::manual_seed(3);
  const Operands operands({2, 32, 8, 8}, 32);
  const auto y = conv3x3(operands.images, operands.weight);
  EXPECT_TRUE(y.is_contiguous(kLayout));
  EXPECT_TRUE(torch::equal(y, winograd() != nullptr
                                  ? winograd_convolution(operands.images, operands.weight, {}, Turned::kNo)
                                  : torch::conv2d(operands.images, operands.weight, {}, 1, 1)));
  EXPECT_TRUE(ours(operands).dw.is_contiguous(kLayout));
}

TEST(Conv3x3, TakesAnyLayout) {
  torch::manual_seed(4);
  const Operands operands({2, 32, 8, 8}, 48);
  EXPECT_TRUE(torch::equal(conv3x3(operands.images.contiguous(), operands.weight.contiguous(), operands.bias),
                           conv3x3(operands.images, operands.weight, operands.bias)));
}

TEST(Conv3x3, HasTheSameBitsForAnyNumberOfThreads) {
  torch::manual_seed(5);
  const int threads = at::get_num_threads();
  for (const auto& [sizes, outputs] : kShapes) {
    if (sizes[1] % 16 != 0 || sizes[2] == 1) continue;  // LibTorch's
    const Operands operands(sizes, outputs);
    at::set_num_threads(1);
    const auto one = ours(operands);
    at::set_num_threads(3);
    const auto three = ours(operands);
    for (std::size_t i = 0; i < 4; ++i)
      EXPECT_TRUE(torch::equal(one.all()[i], three.all()[i])) << "result " << i;
  }
  at::set_num_threads(threads);
}

TEST(Conv3x3, AnImageDoesNotDependOnTheOthers) {
  torch::manual_seed(6);
  const Operands operands({5, 32, 9, 7}, 32);
  const auto all = conv3x3(operands.images, operands.weight, operands.bias);
  EXPECT_TRUE(torch::equal(all.narrow(0, 3, 2),
                           conv3x3(operands.images.narrow(0, 3, 2), operands.weight, operands.bias)));
}

TEST(Conv3x3, TakesNoImages) {
  const Operands operands({0, 32, 8, 8}, 32);
  const auto results = ours(operands);
  EXPECT_EQ(results.y.sizes(), (std::vector<std::int64_t>{0, 32, 8, 8}));
  EXPECT_EQ(results.dw.abs().max().item<float>(), 0);
}

TEST(Conv3x3, NotANumberStaysOne) {
  auto images = torch::ones({1, 32, 8, 8});
  images[0][3][4][4] = std::numeric_limits<float>::quiet_NaN();
  const auto y = conv3x3(images, torch::ones({32, 32, 3, 3}));
  EXPECT_TRUE(y.isnan().any().item<bool>());
}

TEST(Conv3x3, AForkAddsTheOtherGradient) {
  torch::manual_seed(7);
  for (const std::int64_t channels : {32, 20}) {  // Winograd's, LibTorch's
    const Operands operands({2, channels, 9, 7}, channels);
    expect_near(
        operands.results(torch::kFloat32,
                         [](const auto& x, const auto& w, const auto& b) {
                           const auto [y, same] = conv3x3_fork(x, w);
                           return y + b.view({1, -1, 1, 1}) + same * same;
                         }),
        operands.results(torch::kFloat64, [](const auto& x, const auto& w,
                                             const auto& b) { return torch::conv2d(x, w, b, 1, 1) + x * x; }),
        2e-6);
  }
}

TEST(Conv3x3, OfStrideTwoEqualsTheDefinition) {
  torch::manual_seed(8);
  const auto strided = [](const auto& x, const auto& w, const auto& b) {
    return conv3x3_strided(x, w) + b.view({1, -1, 1, 1});
  };
  for (const auto& [sizes, outputs] : kShapes) {
    const Operands operands(sizes, outputs, 3, 2);
    const auto exact = operands.exact();
    expect_near(operands.results(torch::kFloat32, strided), exact, 2e-6);
    const Bfloat16Guard guard;
    expect_near(operands.results(torch::kFloat32, strided), exact, 1e-2);
  }
}

TEST(Conv3x3, RefusesWhatDoesNotFit) {
  EXPECT_THROW(conv3x3(torch::ones({1, 32, 8, 8}), torch::ones({32, 64, 3, 3})), c10::Error);
  EXPECT_THROW(conv3x3_strided(torch::ones({1, 32, 8, 8}), torch::ones({32, 64, 3, 3})), c10::Error);
}

TEST(Conv3x3, WhatIsFrozenHasNoGradient) {
  const auto images = torch::randn({2, 32, 8, 8}), weight = torch::randn({32, 32, 3, 3});
  const auto learns = weight.clone().requires_grad_(), seen = images.clone().requires_grad_();
  const auto [y, same] = conv3x3_fork(images, learns);
  EXPECT_FALSE(same.requires_grad());
  y.sum().backward();
  EXPECT_TRUE(learns.grad().defined());
  conv3x3(seen, weight).sum().backward();
  EXPECT_TRUE(seen.grad().defined());
  const c10::InferenceMode inference;
  EXPECT_TRUE(torch::equal(conv3x3_fork(images, weight).images, images));
}

TEST(Conv3x3, OfStrideTwoTakesNoImages) {
  const Operands none({0, 32, 8, 8}, 32, 3, 2);
  const auto results = none.results(torch::kFloat32, [](const auto& x, const auto& w, const auto& b) {
    return conv3x3_strided(x, w) + b.view({1, -1, 1, 1});
  });
  EXPECT_EQ(results.y.sizes(), (std::vector<std::int64_t>{0, 32, 4, 4}));
  EXPECT_EQ(results.dw.abs().max().item<float>(), 0);
}

TEST(Conv3x3, HasNoSecondDerivative) {
  const auto images = torch::ones({1, 32, 8, 8}).requires_grad_();
  const auto y = conv3x3(images, torch::ones({32, 32, 3, 3}));
  EXPECT_THROW(torch::autograd::grad({y.sum()}, {images}, {}, /*retain_graph=*/true, /*create_graph=*/true),
               c10::Error);
}

TEST(ChannelsLast, IsSeenByConvolutionsEvenOfOneChannel) {
  for (const std::int64_t channels : {1, 3}) {
    const auto images = torch::randn({2, channels, 6, 5}), weight = torch::randn({8, channels, 3, 3});
    const auto out = torch::conv2d(channels_last(images), weight);
    EXPECT_TRUE(torch::equal(channels_last(images), images));
    EXPECT_TRUE(out.is_contiguous(kLayout));
  }
}

}  // namespace
}  // namespace chorale::kernels
