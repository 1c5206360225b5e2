// Expected values come from torch.optim, clip_grad_norm_ and swa_utils in Python (make_goldens.py). The fused
// steps and the plain ones there round products differently: 1e-6 relative, beside 1e-7 of weights of
// about 1.
#include <fmt/format.h>

#include "support/tensors.hpp"
#include "train/optim/clip_norm.hpp"
#include "train/optim/optimizer.hpp"
#include "train/optim/weight_average.hpp"

namespace chorale::train {
namespace {

using testing_support::expect_close;
using testing_support::Tensors;

constexpr int kSteps = 5;
constexpr double kRelative = 1e-6, kAbsolute = 1e-7;

const Tensors& golden() {
  static const auto tensors =
      testing_support::read_tensors(testing_support::golden_file("train/optimizers.safetensors"));
  return tensors;
}

// Parameters as the script makes them, with its gradients.
struct Parameters : torch::nn::Module {
  Parameters() {
    for (const std::string top : {"stem", "norm", "layer1", "layer10"}) {
      auto layer = std::make_shared<torch::nn::Module>();
      for (const std::string leaf : {"weight", "bias"}) {
        layer->register_parameter(leaf, golden().at(fmt::format("before.{}.{}", top, leaf)).clone());
      }
      register_module(top, layer);
    }
  }

  void set_gradients(int step) {
    for (auto& item : named_parameters()) {
      item.value().mutable_grad().copy_(golden().at(fmt::format("gradient.{}.{}", step, item.key())));
    }
  }
};

struct Case {
  std::string name;
  config::Optimizer optimizer;
  double lr = 0, weight_decay = 0;
  config::Decay decay = config::Decay::kAll;
  config::Factors layer_lr = {};
  double momentum = 0;
};

class OptimizerGolden : public testing::TestWithParam<Case> {};

TEST_P(OptimizerGolden, StepsAsTorchDoes) {
  const auto& c = GetParam();
  Parameters module;
  const FlatParameters parameters(module);
  config::Train options;
  options.optimizer = c.optimizer;
  options.weight_decay = c.weight_decay;
  options.decay = c.decay;
  options.layer_lr = c.layer_lr;
  options.momentum = c.momentum;
  const auto optimizer = make_optimizer(parameters, options);
  for (int step = 0; step < kSteps; ++step) {
    module.set_gradients(step);
    optimizer->step(c.lr);
    expect_close(parameters.to_file_order(parameters.values()),
                 golden().at(fmt::format("{}.after.{}", c.name, step)), kRelative, kAbsolute,
                 fmt::format("{} after step {}", c.name, step));
  }
}

const config::Factors kLayer1 = {{"layer1", 0.1}};  // and not layer10

INSTANTIATE_TEST_SUITE_P(Cases, OptimizerGolden,
                         testing::Values(Case{"adam", config::Optimizer::kAdam, 3e-3, 0.1},
                                         Case{"adam_groups", config::Optimizer::kAdam, 3e-3, 0.1,
                                              config::Decay::kWeights, kLayer1},
                                         Case{"adamw", config::Optimizer::kAdamW, 3e-3, 0.1},
                                         Case{"adamw_groups",
                                              config::Optimizer::kAdamW,
                                              3e-3,
                                              0.1,
                                              config::Decay::kWeights,
                                              {{"stem", 0.1}, {"layer10", 2.0}}},
                                         Case{"sgd", config::Optimizer::kSgd, 1e-3, 0.0},
                                         Case{"sgd_momentum_groups", config::Optimizer::kSgd, 1e-3, 0.05,
                                              config::Decay::kWeights, kLayer1, 0.9}),
                         [](const auto& c) { return c.param.name; });

TEST(ClipAndAverageGolden, StepAsTorchDoes) {
  Parameters module;
  const FlatParameters parameters(module);
  config::Train options;
  options.optimizer = config::Optimizer::kSgd;
  options.momentum = 0.9;
  const auto optimizer = make_optimizer(parameters, options);
  WeightAverage average(parameters.values(), 0.9);
  for (int step = 0; step < kSteps; ++step) {
    module.set_gradients(step);
    const auto norm = clip_norm(parameters.gradients(), 72.0);  // between the norms of the five
    optimizer->step(1e-2);
    average.update();
    const auto expected = [&](const std::string& what) {
      return golden().at(fmt::format("sgd_clip_ema.{}.{}", what, step));
    };
    expect_close(norm.to(torch::kFloat32).view({1}), expected("norm"), kRelative, 0, "norm");
    expect_close(parameters.to_file_order(parameters.values()), expected("after"), kRelative, 1e-6,
                 "weights");  // products of 70 norms
    expect_close(parameters.to_file_order(average.average()), expected("average"), kRelative, 1e-6,
                 "average");
  }
}

}  // namespace
}  // namespace chorale::train
