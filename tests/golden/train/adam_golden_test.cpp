// Expected values come from torch.optim.Adam in Python (make_goldens.py).
#include "support/tensors.hpp"
#include "train/optim/adam.hpp"

namespace chorale::train {
namespace {

struct Vector : torch::nn::Module {
  explicit Vector(const torch::Tensor& values) { register_parameter("values", values.clone()); }
};

TEST(AdamGolden, ThreeStepsWithWeightDecay) {
  const auto golden = testing_support::read_tensors(testing_support::golden_file("train/adam.safetensors"));
  const Vector module(golden.at("before"));
  const FlatParameters parameters(module);
  Adam adam(parameters, {.lr = 3e-3, .weight_decay = 0.1});
  for (const std::string step : {"0", "1", "2"}) {
    parameters.gradients().copy_(golden.at("gradient." + step));
    adam.step();
    // One step changes a value by about lr = 3e-3; rounding of float products.
    testing_support::expect_close(parameters.values(), golden.at("after." + step), 1e-6, 1e-7,
                                  "after step " + step);
  }
}

}  // namespace
}  // namespace chorale::train
