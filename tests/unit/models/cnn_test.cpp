#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/config/model_options.hpp"
#include "pipeline/models/conv_block.hpp"
#include "pipeline/models/model.hpp"
#include "pipeline/models/precision.hpp"
#include "pipeline/runtime/error.hpp"

namespace chorale::models {
namespace {

const config::Model kDefaults = config::model_defaults("cnn");

std::int64_t parameter_count(const Model& model) {
  std::int64_t count = 0;
  for (const auto& parameter : model.parameters()) count += parameter.numel();
  return count;
}

template <class F>
std::string usage_error_of(F&& f) {
  try {
    f();
  } catch (const runtime::UsageError& error) {
    return error.what();
  }
  return {};
}

// By hand, with 10 classes. Convolutions in*9*out + out: 320 + 18,496 + 73,856 + 295,168; normalisation
// 2*out: 64 + 128 + 256 + 512; hidden 256*512 + 512 = 131,584; output 512*10 + 10 = 5,130.
TEST(Cnn, HasTheReferenceNumberOfParameters) {
  EXPECT_EQ(parameter_count(*make_model(kDefaults, {128, 129}, 10)), 525'514);
}

TEST(Cnn, WithoutNormalisationHasNoNormalisationLayer) {
  config::Model options = kDefaults;
  options.norm = config::Norm::kNone;
  const auto model = make_model(options, {128, 129}, 10);
  EXPECT_EQ(parameter_count(*model), 525'514 - 64 - 128 - 256 - 512);
  EXPECT_TRUE(model->buffers().empty());
}

TEST(Cnn, MapsABatchToLogits) {
  const auto model = make_model(kDefaults, {128, 129}, 7);
  EXPECT_EQ(model->forward({torch::zeros({3, 1, 128, 129})}).sizes(), (std::vector<std::int64_t>{3, 7}));
}

TEST(Cnn, WeightsAreAFunctionOfTheSeed) {
  const auto weights = [](std::uint64_t seed) {
    torch::manual_seed(seed);
    return state_dict(*make_model(kDefaults, {128, 129}, 10));
  };
  const auto first = weights(1), again = weights(1), other = weights(2);
  for (const auto& [name, tensor] : first) EXPECT_TRUE(torch::equal(tensor, again.at(name))) << name;
  EXPECT_FALSE(torch::equal(first.at("output.weight"), other.at("output.weight")));
}

TEST(Cnn, RefusesMorePoolsThanTheInputAllows) {
  EXPECT_THAT(usage_error_of([] {
                make_model(kDefaults, {128, 15}, 10);
              }),
              testing::HasSubstr("128 bins x 15 frames"));
  EXPECT_NO_THROW(make_model(kDefaults, {128, 16}, 10));
}

TEST(ConvBlock, HalvesTheImageAndKeepsItChannelsLast) {
  ConvBlock block(ConvBlockOptions{16, 32, config::Norm::kBatch, 0.25});
  const auto out = block->forward(torch::zeros({2, 16, 9, 8}).contiguous(at::MemoryFormat::ChannelsLast));
  EXPECT_EQ(out.sizes(), (std::vector<std::int64_t>{2, 32, 4, 4}));
  EXPECT_TRUE(out.is_contiguous(at::MemoryFormat::ChannelsLast));
}

TEST(PrecisionGuard, ComputesInBf16OnlyWhileItLives) {
  torch::nn::Linear layer(4, 4);
  const auto type = [&] { return layer->forward(torch::zeros({1, 4})).scalar_type(); };
  {
    const PrecisionGuard guard(config::Precision::kBf16);
    EXPECT_EQ(type(), torch::kBFloat16);
    const PrecisionGuard inner(config::Precision::kFp32);
    EXPECT_EQ(type(), torch::kFloat32);
  }
  EXPECT_EQ(type(), torch::kFloat32);
}

}  // namespace
}  // namespace chorale::models
