// Parameter groups, what an optimiser saves, clipping and the average of weights; the arithmetic of the steps
// is compared in tests/golden/train.
#include <gmock/gmock.h>
#include <torch/torch.h>

#include <cmath>

#include "pipeline/runtime/error.hpp"
#include "support/temporary_folder.hpp"
#include "train/optim/clip_norm.hpp"
#include "train/optim/optimizer.hpp"
#include "train/optim/parameter_groups.hpp"
#include "train/optim/weight_average.hpp"

namespace chorale::train {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

// layer1.{weight [2,3], bias [2]}, layer10.{weight [4,2], bias [4]}
struct TwoLayers : torch::nn::Module {
  TwoLayers() {
    register_module("layer1", torch::nn::Linear(3, 2));
    register_module("layer10", torch::nn::Linear(2, 4));
  }
};

template <class Error, class Action>
std::string refusal(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(FlatParameters, LeaveOutWhatIsFrozen) {
  const TwoLayers module;
  module.named_parameters()["layer1.bias"].requires_grad_(false);
  const FlatParameters parameters(module);
  EXPECT_THAT(parameters.names(), ElementsAre("layer1.weight", "layer10.weight", "layer10.bias"));
  EXPECT_EQ(parameters.values().numel(), 6 + 8 + 4);
  EXPECT_FALSE(module.named_parameters()["layer1.bias"].grad().defined());
  for (auto& parameter : module.parameters()) parameter.requires_grad_(false);
  EXPECT_THAT(refusal<runtime::UsageError>([&] { const FlatParameters none(module); }),
              HasSubstr("model.freeze"));
}

TEST(ParameterGroups, AreOneRangeWhereAllIsAlike) {
  const FlatParameters parameters{TwoLayers()};
  config::Train options;
  options.decay = config::Decay::kWeights;  // but no decay
  const auto groups = parameter_groups(parameters, options);
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_THAT(groups[0].ranges, ElementsAre(Pair(0, 20)));
}

TEST(FlatParameters, HaveWeightsOfConvolutionsAsConvolutionsTakeThem) {
  torch::manual_seed(3);
  torch::nn::Conv2d layer(torch::nn::Conv2dOptions(3, 4, 5));
  const auto weight = layer->weight.detach().clone();
  const FlatParameters parameters(*layer);
  EXPECT_TRUE(torch::equal(layer->weight, weight));
  layer->forward(torch::randn({2, 3, 8, 8})).sum().backward();
  for (const auto& tensor : {layer->weight.detach(), layer->weight.grad()}) {
    EXPECT_TRUE(tensor.is_contiguous(at::MemoryFormat::ChannelsLast));
    EXPECT_FALSE(tensor.is_contiguous());
  }
  EXPECT_EQ(layer->weight.grad().data_ptr(), parameters.gradients().data_ptr());
}

TEST(FlatParameters, GoIntoFilesAsTorchNumbersThem) {
  torch::nn::Conv2d layer(torch::nn::Conv2dOptions(3, 4, 5));
  const FlatParameters parameters(*layer);
  const auto ordered = parameters.to_file_order(parameters.values());
  EXPECT_TRUE(
      torch::equal(ordered, torch::cat({layer->weight.detach().reshape({-1}), layer->bias.detach()})));
  EXPECT_FALSE(torch::equal(ordered, parameters.values()));
  const auto back = torch::zeros_like(parameters.values());
  parameters.from_file_order(ordered, back);
  EXPECT_TRUE(torch::equal(back, parameters.values()));
}

TEST(ParameterGroups, DecayWeightsAloneAndTakeTheLongestPrefixOfWholeNames) {
  const FlatParameters parameters{TwoLayers()};
  config::Train options;
  options.weight_decay = 0.1;
  options.decay = config::Decay::kWeights;
  options.layer_lr = {{"layer1.bias", 0.5}, {"layer1", 0.25}};
  const auto groups = parameter_groups(parameters, options);
  ASSERT_EQ(groups.size(), 4U);
  const auto expect = [&](std::size_t g, double factor, double decay, std::int64_t begin, std::int64_t end) {
    EXPECT_EQ(groups[g].lr_factor, factor) << g;
    EXPECT_EQ(groups[g].weight_decay, decay) << g;
    EXPECT_THAT(groups[g].ranges, ElementsAre(Pair(begin, end))) << g;
  };
  expect(0, 0.25, 0.1, 0, 6);
  expect(1, 0.5, 0.0, 6, 8);
  expect(2, 1.0, 0.1, 8, 16);
  expect(3, 1.0, 0.0, 16, 20);
}

TEST(ParameterGroups, RefuseAPrefixThatNothingHas) {
  const TwoLayers module;
  for (auto& parameter : module.named_children()["layer10"]->parameters()) parameter.requires_grad_(false);
  const FlatParameters parameters(module);
  for (const std::string prefix : {"layer", "layer10", "layer1.", ""}) {  // layer10 is frozen
    config::Train options;
    options.layer_lr = {{prefix, 0.5}};
    EXPECT_THAT(refusal<runtime::UsageError>([&] { parameter_groups(parameters, options); }),
                HasSubstr("train.layer_lr: found \"" + prefix + "\""));
  }
  config::Train options;
  options.layer_lr = {{"conv1", 0.5}};
  EXPECT_THAT(refusal<runtime::UsageError>([&] { parameter_groups(parameters, options); }),
              testing::EndsWith(": layer1"));
}

class OptimizerState : public testing::Test {
 protected:
  static std::unique_ptr<Optimizer> make(const FlatParameters& parameters, config::Optimizer kind,
                                         double momentum = 0.9) {
    config::Train options;
    options.optimizer = kind;
    options.momentum = momentum;
    return make_optimizer(parameters, options);
  }

  checkpoint::SafetensorsFile saved(const Optimizer& optimizer) const {
    std::map<std::string, checkpoint::TensorView> views;
    for (const auto& [name, tensor] : optimizer.state()) {
      views.emplace(name, checkpoint::TensorView{"F32", tensor.sizes().vec(), tensor.const_data_ptr(),
                                                 tensor.nbytes()});
    }
    checkpoint::write_safetensors(scratch_.path() / "state", views);
    return checkpoint::SafetensorsFile(scratch_.path() / "state");
  }

  testing_support::TemporaryFolder scratch_;
};

TEST_F(OptimizerState, ContinuesToTheSameBits) {
  for (const auto kind : {config::Optimizer::kAdam, config::Optimizer::kAdamW, config::Optimizer::kSgd}) {
    torch::manual_seed(1);
    const FlatParameters first{TwoLayers()}, second{TwoLayers()};
    const auto one = make(first, kind), two = make(second, kind);
    const auto step = [](const FlatParameters& parameters, Optimizer& optimizer, int seed) {
      torch::manual_seed(seed);
      parameters.gradients().normal_();
      optimizer.step(0.1);
    };
    step(first, *one, 2);
    load_state(two->state(), saved(*one));
    second.values().copy_(first.values());
    step(first, *one, 3);
    step(second, *two, 3);
    EXPECT_TRUE(torch::equal(first.values(), second.values())) << static_cast<int>(kind);
  }
}

TEST_F(OptimizerState, OfAnotherModelOrOptimizerIsRefused) {
  const FlatParameters parameters{TwoLayers()}, larger{torch::nn::LinearImpl(9, 9)};
  const auto adam = make(parameters, config::Optimizer::kAdam);
  const auto of_larger = make(larger, config::Optimizer::kAdam);
  const auto sgd = make(parameters, config::Optimizer::kSgd);
  const auto load = [&](const Optimizer& from, const Optimizer& into) {
    return refusal<checkpoint::CheckpointMismatch>([&] { load_state(into.state(), saved(from)); });
  };
  EXPECT_THAT(load(*of_larger, *adam), HasSubstr("exp_avg is F32 [90] there, F32 [20] here"));
  EXPECT_THAT(load(*sgd, *adam), HasSubstr("exp_avg is missing"));
  EXPECT_THAT(load(*adam, *sgd), HasSubstr("exp_avg is of another optimizer"));
}

TEST(Sgd, WithoutMomentumHasNoState) {
  const FlatParameters parameters{TwoLayers()};
  config::Train options;
  options.optimizer = config::Optimizer::kSgd;
  options.momentum = 0;
  EXPECT_TRUE(make_optimizer(parameters, options)->state().empty());
}

// Longer than a row of the sum, and no multiple of it.
TEST(ClipNorm, IsThatOfAllValues) {
  const auto gradients = torch::full({10001}, 2.0F);
  const double norm = 2 * std::sqrt(10001.0);
  EXPECT_NEAR(clip_norm(gradients, 1000).item<double>(), norm, 1e-6 * norm);
  EXPECT_TRUE(torch::equal(gradients, torch::full({10001}, 2.0F)));  // below the limit: as they were
  EXPECT_NEAR(clip_norm(gradients, 5).item<double>(), norm, 1e-6 * norm);
  EXPECT_NEAR(gradients.norm().item<double>(), 5, 1e-4);
}

TEST(WeightAverage, IsInUseForALimitedTime) {
  const auto weights = torch::tensor({0.1F, 0.2F, 0.3F});
  WeightAverage average(weights, 0.75);
  weights.copy_(torch::tensor({1.1F, 1.2F, 1.3F}));
  average.update();
  const auto expected = average.average().clone();
  EXPECT_TRUE(torch::allclose(expected, torch::tensor({0.35F, 0.45F, 0.55F})));
  {
    const WeightAverage::InUse in_use(&average);
    EXPECT_TRUE(torch::equal(weights, expected));
  }
  EXPECT_TRUE(torch::equal(weights, torch::tensor({1.1F, 1.2F, 1.3F})));
  EXPECT_TRUE(torch::equal(average.average(), expected));
}

}  // namespace
}  // namespace chorale::train
