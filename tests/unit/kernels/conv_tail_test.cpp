// Expected values come from the composition of library calls, computed in double.
#include "pipeline/kernels/conv_tail.hpp"

#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <gtest/gtest.h>

#include "pipeline/kernels/conv3x3.hpp"
#include "pipeline/kernels/dropout.hpp"

namespace chorale::kernels {
namespace {

enum class Normalisation { kNone, kOfBatch, kRunning };

struct Case {
  ConvTailOptions options;
  Normalisation normalisation = Normalisation::kOfBatch;
  std::vector<std::int64_t> sizes;  // of the convolution's output
  torch::ScalarType type = torch::kFloat32;
};

// Small: the tails of rows that no vector fills, one position, odd sizes that leave a rest, one image.
const std::vector<std::vector<std::int64_t>> kSizes = {
    {2, 5, 9, 7}, {1, 33, 4, 3}, {3, 16, 8, 6}, {4, 20, 1, 1}};

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const auto type : {torch::kFloat32, torch::kBFloat16}) {
    for (const auto& sizes : kSizes) {
      for (const auto activation : {Activation::kNone, Activation::kRelu, Activation::kElu}) {
        for (const auto order : {BlockOrder::kActivationNorm, BlockOrder::kNormActivation}) {
          for (const auto norm : {Normalisation::kNone, Normalisation::kOfBatch, Normalisation::kRunning}) {
            for (const auto pool : {PoolSize{1, 1}, PoolSize{2, 2}, PoolSize{4, 2}}) {
              if (pool.height > sizes[2] || pool.width > sizes[3]) continue;
              cases.push_back({{.activation = activation, .order = order, .pool = pool}, norm, sizes, type});
            }
          }
        }
      }
    }
  }
  return cases;
}

std::string describe(const Case& c) {
  std::ostringstream text;
  text << "activation " << static_cast<int>(c.options.activation) << ", order "
       << static_cast<int>(c.options.order) << ", norm " << static_cast<int>(c.normalisation) << ", pool "
       << c.options.pool.height << 'x' << c.options.pool.width << ", " << torch::IntArrayRef(c.sizes) << ' '
       << c.type;
  return text.str();
}

BatchNorm random_norm(std::int64_t channels, Normalisation kind) {
  return {
      .weight = torch::randn({channels}).requires_grad_(),  // of both signs: the largest z is the smallest a
      .bias = torch::randn({channels}).requires_grad_(),
      .running_mean = torch::randn({channels}),
      .running_var = torch::rand({channels}) + 0.5,
      .training = kind == Normalisation::kOfBatch};
}

BatchNorm as_double(const BatchNorm& norm) {
  const auto copy = [](const torch::Tensor& tensor) {
    return tensor.detach().to(torch::kFloat64, false, true);
  };
  return {.weight = copy(norm.weight).requires_grad_(),
          .bias = copy(norm.bias).requires_grad_(),
          .running_mean = copy(norm.running_mean),
          .running_var = copy(norm.running_var),
          .training = norm.training};
}

torch::Tensor activated(const torch::Tensor& x, Activation activation) {
  if (activation == Activation::kNone) return x;
  return activation == Activation::kRelu ? torch::relu(x) : torch::elu(x);
}

torch::Tensor expected_tail(torch::Tensor x, const std::optional<BatchNorm>& norm,
                            const ConvTailOptions& options) {
  if (options.order == BlockOrder::kActivationNorm) x = activated(x, options.activation);
  if (norm) {
    x = torch::batch_norm(x, norm->weight, norm->bias, norm->running_mean, norm->running_var, norm->training,
                          0.1, 1e-5, false);
  }
  if (options.order == BlockOrder::kNormActivation) x = activated(x, options.activation);
  return torch::max_pool2d(x, {options.pool.height, options.pool.width});
}

// The largest difference is at most `tolerance` of the largest expected value.
void expect_near(const torch::Tensor& actual, const torch::Tensor& expected, double tolerance,
                 const std::string& what) {
  ASSERT_TRUE(actual.defined()) << what;
  ASSERT_EQ(actual.sizes(), expected.sizes()) << what;
  const double difference = (actual.to(torch::kFloat64) - expected).abs().max().item<double>();
  const double size = expected.abs().max().item<double>();
  EXPECT_LE(difference, tolerance * std::max(size, 1.0)) << what;
}

// Of float sums; and of a result that is rounded to the 8 significant bits of bfloat16.
double tolerance_of(torch::ScalarType type) { return type == torch::kFloat32 ? 1e-5 : 1.0 / 256; }

void expect_same_statistics(const BatchNorm& actual, const BatchNorm& expected, double tolerance) {
  expect_near(actual.weight.grad(), expected.weight.grad(), tolerance, "weight");
  expect_near(actual.bias.grad(), expected.bias.grad(), tolerance, "bias");
  expect_near(actual.running_mean, expected.running_mean, 1e-5, "running mean");
  expect_near(actual.running_var, expected.running_var, 1e-5, "running variance");
}

TEST(ConvTail, EqualsTheCompositionOfLibraryCallsForwardAndBackward) {
  for (const Case& c : all_cases()) {
    SCOPED_TRACE(describe(c));
    torch::manual_seed(1);
    const auto x = (torch::randn(c.sizes) * 2 + 1)
                       .to(c.type)
                       .contiguous(at::MemoryFormat::ChannelsLast)
                       .requires_grad_();
    const auto double_x = x.detach().to(torch::kFloat64).requires_grad_();
    std::optional<BatchNorm> norm, double_norm;
    if (c.normalisation != Normalisation::kNone) {
      norm = random_norm(c.sizes[1], c.normalisation);
      double_norm = as_double(*norm);
    }
    const auto out = conv_tail(x, norm, c.options);
    const auto expected = expected_tail(double_x, double_norm, c.options);
    EXPECT_EQ(out.scalar_type(), c.type);
    expect_near(out, expected, tolerance_of(c.type), "output");

    const auto gradient = torch::randn(out.sizes()).to(c.type);
    out.backward(gradient);
    expected.backward(gradient.to(torch::kFloat64));
    expect_near(x.grad(), double_x.grad(), tolerance_of(c.type), "x");
    if (norm) expect_same_statistics(*norm, *double_norm, tolerance_of(c.type));
  }
}

// Only the output is rounded to bfloat16; the gradients that start from a given one are single precision.
TEST(FirstLayer, EqualsTheConvolutionAndTheCompositionOfLibraryCalls) {
  for (const Case& c : all_cases()) {
    SCOPED_TRACE(describe(c));
    torch::manual_seed(2);
    const std::int64_t channels = c.sizes[1];
    const auto input = torch::randn({c.sizes[0], 1, c.sizes[2], c.sizes[3]});
    const auto weight = torch::randn({channels, 1, 3, 3}).requires_grad_();
    const auto bias = torch::randn({channels}).requires_grad_();
    const auto double_weight = weight.detach().to(torch::kFloat64).requires_grad_();
    const auto double_bias = bias.detach().to(torch::kFloat64).requires_grad_();
    std::optional<BatchNorm> norm, double_norm;
    if (c.normalisation != Normalisation::kNone) {
      norm = random_norm(channels, c.normalisation);
      double_norm = as_double(*norm);
    }
    at::autocast::set_autocast_enabled(at::kCPU, c.type == torch::kBFloat16);
    const auto out = conv3x3_tail(input, weight, bias, norm, c.options);
    at::autocast::set_autocast_enabled(at::kCPU, false);
    const auto expected = expected_tail(
        torch::conv2d(input.to(torch::kFloat64), double_weight, double_bias, 1, 1), double_norm, c.options);
    EXPECT_EQ(out.scalar_type(), c.type);
    expect_near(out, expected, tolerance_of(c.type), "output");

    const auto gradient = torch::randn(out.sizes()).to(c.type);
    out.backward(gradient);
    expected.backward(gradient.to(torch::kFloat64));
    expect_near(weight.grad(), double_weight.grad(), 1e-5, "weight of the convolution");
    expect_near(bias.grad(), double_bias.grad(), 1e-5, "bias of the convolution");
    if (norm) expect_same_statistics(*norm, *double_norm, 1e-5);
  }
}

TEST(ConvTail, AddsAShortcutBeforeTheActivation) {
  for (const auto type : {torch::kFloat32, torch::kBFloat16}) {
    for (const auto kind : {Normalisation::kOfBatch, Normalisation::kRunning}) {
      for (const auto activation : {Activation::kNone, Activation::kRelu, Activation::kElu}) {
        torch::manual_seed(10);
        const ConvTailOptions options{
            .activation = activation, .order = BlockOrder::kNormActivation, .pool = {1, 1}};
        const auto images = [&] {
          const auto values = torch::randn({2, 21, 5, 3}).to(type);
          return values.contiguous(at::MemoryFormat::ChannelsLast).requires_grad_();
        };
        const auto x = images(), shortcut = images();
        const auto double_x = x.detach().to(torch::kFloat64).requires_grad_();
        const auto double_shortcut = shortcut.detach().to(torch::kFloat64).requires_grad_();
        const auto norm = random_norm(21, kind);
        const auto double_norm = as_double(norm);
        const auto out = conv_tail(x, norm, options, shortcut);
        const auto normalised =
            expected_tail(double_x, double_norm, {.activation = Activation::kNone, .pool = {1, 1}});
        const auto expected = activated(normalised + double_shortcut, activation);
        expect_near(out, expected, tolerance_of(type), "output");
        const auto gradient = torch::randn(out.sizes()).to(type);
        out.backward(gradient);
        expected.backward(gradient.to(torch::kFloat64));
        expect_near(x.grad(), double_x.grad(), tolerance_of(type) * 2, "x");
        expect_near(shortcut.grad(), double_shortcut.grad(), tolerance_of(type), "shortcut");
        expect_same_statistics(norm, double_norm, tolerance_of(type));
      }
    }
  }
}

TEST(ConvTail, RefusesAShortcutBehindAPool) {
  const auto x = torch::randn({1, 4, 4, 4});
  EXPECT_THROW(
      conv_tail(x, random_norm(4, Normalisation::kRunning), {.order = BlockOrder::kNormActivation}, x),
      c10::Error);
}

TEST(ConvTail, ManyInputChannelsGoThroughTheConvolution) {
  torch::manual_seed(3);
  const auto input = torch::randn({2, 3, 8, 9}).requires_grad_();
  const auto weight = torch::randn({20, 3, 3, 3}), bias = torch::randn({20});
  const auto norm = random_norm(20, Normalisation::kRunning);
  const auto out = conv3x3_tail(input, weight, bias, norm, {});
  EXPECT_TRUE(torch::equal(out, conv_tail(conv3x3(input, weight, bias), norm, {})));
  EXPECT_TRUE(out.is_contiguous(at::MemoryFormat::ChannelsLast));
}

TEST(ConvTail, LayoutAndGradientModeDoNotChangeTheResult) {
  torch::manual_seed(4);
  const auto x = torch::randn({2, 20, 9, 7});
  const auto norm = random_norm(20, Normalisation::kRunning);
  const auto out = conv_tail(x.contiguous(at::MemoryFormat::ChannelsLast), norm, {});
  EXPECT_TRUE(torch::equal(conv_tail(x, norm, {}), out));
  const torch::NoGradGuard no_gradients;
  EXPECT_TRUE(torch::equal(conv_tail(x, norm, {}), out));
}

TEST(ConvTail, OtherTypesGoThroughTheLibrary) {
  torch::manual_seed(5);
  const auto x = torch::randn({2, 20, 9, 7});
  const auto norm = random_norm(20, Normalisation::kOfBatch);
  const auto double_norm = as_double(norm);
  expect_near(conv_tail(x, norm, {}), conv_tail(x.to(torch::kFloat64), double_norm, {}), 1e-5, "output");
  EXPECT_THROW(conv_tail(torch::randn({1, 4, 1, 1}), std::nullopt, {}), c10::Error)
      << "a pool that leaves nothing";
}

// The mean is 1000 deviations away: sums of squares in single precision would lose the variance.
TEST(ConvTail, VarianceSurvivesAMeanThatIsFarAway) {
  torch::manual_seed(6);
  const auto x = (torch::randn({4, 17, 32, 32}) + 1000).contiguous(at::MemoryFormat::ChannelsLast);
  const auto norm = random_norm(17, Normalisation::kOfBatch);
  const auto double_norm = as_double(norm);
  conv_tail(x, norm, {.activation = Activation::kNone});
  expected_tail(x.to(torch::kFloat64), double_norm, {.activation = Activation::kNone});
  expect_near(norm.running_var, double_norm.running_var, 1e-5, "running variance");
}

TEST(ConvTail, NotANumberComesThrough) {
  for (const auto order : {BlockOrder::kActivationNorm, BlockOrder::kNormActivation}) {
    for (const auto activation : {Activation::kNone, Activation::kRelu, Activation::kElu}) {
      auto x = torch::zeros({1, 3, 4, 4}).contiguous(at::MemoryFormat::ChannelsLast);
      x[0][1][2][3] = std::numeric_limits<float>::quiet_NaN();
      const auto out = conv_tail(x, std::nullopt, {.activation = activation, .order = order});
      EXPECT_TRUE(out.isnan()[0][1][1][1].item<bool>());
      EXPECT_EQ(out.isnan().sum().item<std::int64_t>(), 1);
      const auto norm = random_norm(3, Normalisation::kOfBatch);
      EXPECT_TRUE(
          conv_tail(x, norm, {.activation = activation, .order = order})[0][1].isnan().all().item<bool>());
    }
  }
}

struct Dropped {
  torch::Tensor out, gradient;
};

// Of an image of ones, where what is dropped can be seen.
Dropped dropped(const ConvTailOptions& options, std::uint64_t seed) {
  torch::manual_seed(seed);
  const auto x = torch::ones({16, 24, 8, 12}).contiguous(at::MemoryFormat::ChannelsLast).requires_grad_();
  const auto out = conv_tail(x, std::nullopt, options);
  out.backward(torch::ones_like(out));
  return {out.detach(), x.grad()};
}

TEST(Dropout, DropsValuesAndTheirGradientsWithItsProbability) {
  const auto [out, gradient] = dropped({.pool = {1, 1}, .dropout = 0.25}, 1);
  EXPECT_TRUE(torch::equal(out, gradient));
  EXPECT_TRUE(((out == 0) | (out == static_cast<float>(1 / 0.75))).all().item<bool>());
  // 36,864 values: 5 standard deviations of their mean.
  EXPECT_NEAR((out == 0).to(torch::kFloat64).mean().item<double>(), 0.25, 5 * std::sqrt(0.25 * 0.75 / 36864));
  EXPECT_FALSE(torch::equal(out[0], out[1]));
  EXPECT_FALSE(torch::equal(out[0][0], out[0][1]));
}

TEST(Dropout, NeighboursAreDroppedIndependently) {
  const auto kept = (dropped({.pool = {1, 1}, .dropout = 0.5}, 2).out > 0).to(torch::kFloat64) - 0.5;
  for (const std::int64_t dim : {0, 1, 2, 3}) {
    const std::int64_t n = kept.size(dim) - 1;
    const auto product = kept.narrow(dim, 0, n) * kept.narrow(dim, 1, n);
    EXPECT_NEAR(product.mean().item<double>(), 0, 5 * 0.25 / std::sqrt(static_cast<double>(product.numel())));
  }
}

TEST(Dropout, AWindowLosesItsGradientAsAWhole) {
  const auto [out, gradient] = dropped({.pool = {2, 2}, .dropout = 0.5}, 3);
  EXPECT_TRUE(torch::equal(torch::avg_pool2d(gradient, 2) * 4, out));
}

TEST(Dropout, DropsWholeChannels) {
  const auto [out, gradient] =
      dropped({.pool = {1, 1}, .dropout_kind = DropoutKind::kChannels, .dropout = 0.25}, 4);
  EXPECT_TRUE(torch::equal(out.amax({2, 3}), out.amin({2, 3})));
  EXPECT_TRUE(torch::equal(out, gradient));
  EXPECT_NEAR((out.amax({2, 3}) == 0).to(torch::kFloat64).mean().item<double>(), 0.25,
              5 * std::sqrt(0.25 * 0.75 / 384));
}

TEST(Dropout, IsAFunctionOfTheSeedOfTorchsGenerator) {
  const ConvTailOptions options{.dropout = 0.5};
  EXPECT_TRUE(torch::equal(dropped(options, 5).out, dropped(options, 5).out));
  EXPECT_FALSE(torch::equal(dropped(options, 5).out, dropped(options, 6).out));
}

TEST(Dropout, OfEverythingLeavesZeros) {
  EXPECT_EQ(dropped({.dropout = 1}, 7).out.abs().max().item<float>(), 0);
}

TEST(Dropout, OfARowOfFeaturesIsThatOfAnImage) {
  torch::manual_seed(6);
  const auto x = torch::randn({3, 50, 40}).requires_grad_();
  const auto out = drop_values(x, 0.25);
  out.sum().backward();
  EXPECT_EQ(out.sizes(), x.sizes());
  EXPECT_TRUE(torch::equal(out, x * x.grad()));
  EXPECT_TRUE(((x.grad() == 0) | (x.grad() == static_cast<float>(1 / 0.75))).all().item<bool>());
  EXPECT_NEAR((x.grad() == 0).to(torch::kFloat64).mean().item<double>(), 0.25,
              5 * std::sqrt(0.25 * 0.75 / 6000));
  EXPECT_TRUE(torch::equal(drop_values(x, 0), x));
  const auto doubles = drop_values(x.to(torch::kFloat64), 0.25);  // by the library
  EXPECT_NEAR((doubles == 0).to(torch::kFloat64).mean().item<double>(), 0.25,
              5 * std::sqrt(0.25 * 0.75 / 6000));
}

// Forward and backward of both functions, as raw bits in one tensor.
torch::Tensor bits_of_a_step(int threads) {
  at::set_num_threads(threads);
  torch::manual_seed(8);
  const auto input = torch::randn({5, 1, 33, 21});
  const auto first = torch::randn({24, 1, 3, 3}).requires_grad_();
  const auto second = torch::randn({40, 24, 3, 3}).requires_grad_();
  const auto norm = random_norm(24, Normalisation::kOfBatch), next = random_norm(40, Normalisation::kOfBatch);
  const ConvTailOptions options{.dropout = 0.25};
  const auto middle = conv3x3_tail(input, first, {}, norm, options);
  const auto x = torch::randn({5, 40, 16, 10}).contiguous(at::MemoryFormat::ChannelsLast).requires_grad_();
  const auto out = conv_tail(x, next, options);
  ((middle * middle).sum() + (out * out).sum()).backward();
  std::vector<torch::Tensor> parts = {middle, first.grad(), norm.weight.grad(), norm.running_var,
                                      out,    x.grad(),     next.weight.grad(), next.running_mean};
  for (auto& part : parts) part = part.detach().reshape({-1}).view(torch::kInt32);
  return torch::cat(parts);
}

TEST(ConvTail, HasTheSameBitsOnEveryRunAndForAnyNumberOfThreads) {
  const int threads = at::get_num_threads();
  const auto expected = bits_of_a_step(1);
  for (const int n : {1, 2, 3, 7}) EXPECT_TRUE(torch::equal(bits_of_a_step(n), expected)) << n << " threads";
  at::set_num_threads(threads);
}

// A second rank that has the same part of the batch.
class Twin : public StatisticsReducer {
 public:
  void add_up(torch::Tensor sums) override { sums.mul_(2); }
};

TEST(StatisticsReducer, NormalisesOverTheBatchesOfAllRanks) {
  torch::manual_seed(9);
  Twin twin;
  const auto x = torch::randn({2, 20, 5, 6}).contiguous(at::MemoryFormat::ChannelsLast).requires_grad_();
  const auto both = torch::cat({x, x}).detach().to(torch::kFloat64).requires_grad_();
  auto norm = random_norm(20, Normalisation::kOfBatch);
  const auto double_norm = as_double(norm);
  norm.reducer = &twin;
  const auto out = conv_tail(x, norm, {});
  const auto expected = expected_tail(both, double_norm, {});
  expect_near(out, expected.narrow(0, 0, 2), 1e-5, "output");
  const auto gradient = torch::randn(out.sizes());
  out.backward(gradient);
  expected.backward(torch::cat({gradient, gradient}).to(torch::kFloat64));
  expect_near(x.grad(), both.grad().narrow(0, 0, 2), 1e-5, "x");
  expect_near(norm.weight.grad() * 2, double_norm.weight.grad(), 1e-5, "weight");
  expect_near(norm.running_var, double_norm.running_var, 1e-5, "running variance");
}

TEST(StatisticsReducer, ARankMayHaveNoPartOfTheBatch) {
  const auto norm = random_norm(8, Normalisation::kOfBatch);
  const auto before = norm.running_mean.clone();
  const auto x = torch::empty({0, 8, 4, 4}).requires_grad_();
  const auto out = conv_tail(x, norm, {});
  EXPECT_EQ(out.sizes(), (std::vector<std::int64_t>{0, 8, 2, 2}));
  out.sum().backward();
  EXPECT_EQ(norm.weight.grad().abs().max().item<float>(), 0);
  EXPECT_TRUE(torch::equal(norm.running_mean, before));
}

}  // namespace
}  // namespace chorale::kernels
