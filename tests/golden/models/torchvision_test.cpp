// State dicts of torchvision's models are state dicts of ours (make_torchvision.py).
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "pipeline/config/model_options.hpp"
#include "pipeline/models/model.hpp"
#include "support/tensors.hpp"

namespace chorale::models {
namespace {

using Shapes = std::map<std::string, std::vector<std::int64_t>>;

class Torchvision : public testing::TestWithParam<std::string> {};

TEST_P(Torchvision, HasTheSameNamesAndShapes) {
  std::ifstream file(testing_support::golden_file("models/torchvision.json"));
  const auto expected = nlohmann::json::parse(file).at("state_dicts").at(GetParam()).get<Shapes>();
  config::Model options = config::model_defaults(GetParam());
  options.input_channels = 3;
  Shapes shapes;
  for (const auto& [name, tensor] : state_dict(*make_model(options, {}, 1000))) {
    shapes[name] = tensor.sizes().vec();
  }
  EXPECT_EQ(shapes, expected);
}

INSTANTIATE_TEST_SUITE_P(Models, Torchvision, testing::Values("vgg16", "resnet18", "resnet50"),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace chorale::models
