#include <gtest/gtest.h>

#include "pipeline/config/model_options.hpp"
#include "pipeline/models/conv_block.hpp"
#include "pipeline/models/model.hpp"
#include "pipeline/models/precision.hpp"

namespace chorale::models {
namespace {

const config::Model kDefaults = config::model_defaults("cnn");

std::int64_t parameter_count(const Model& model) {
  std::int64_t count = 0;
  for (const auto& parameter : model.parameters()) count += parameter.numel();
  return count;
}

TEST(Cnn, WithoutNormalisationHasNoNormalisationLayer) {
  config::Model options = kDefaults;
  options.norm = config::Norm::kNone;
  const auto model = make_model(options, {128, 129}, 10);
  EXPECT_EQ(parameter_count(*model), 525'514 - 64 - 128 - 256 - 512);
  EXPECT_TRUE(model->buffers().empty());
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
