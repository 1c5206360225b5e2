#include "pipeline/models/layer_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "pipeline/models/model_list.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "support/small_models.hpp"

namespace chorale::models {
namespace {

using testing::ElementsAre;

Layer layer_of(const LayerTable& table, const std::string& name) {
  const auto found = std::ranges::find(table.layers, name, &Layer::name);
  if (found == table.layers.end()) throw std::out_of_range(name);
  return *found;
}

class EveryModelsTable : public testing::TestWithParam<std::string> {};

TEST_P(EveryModelsTable, NamesEveryParameterOnceAndLeavesTheModelAsItWas) {
  const InputShape shape = testing_support::small_shape(GetParam());
  const auto model = make_model(testing_support::small_options(GetParam()), shape, 7);
  std::map<std::string, torch::Tensor> before;
  for (const auto& [name, tensor] : state_dict(*model)) before.emplace(name, tensor.clone());
  const auto table = layer_table(*model, shape);

  std::int64_t parameters = 0, multiply_adds = 0;
  for (const auto& layer : table.layers) {
    parameters += layer.parameters;
    multiply_adds += layer.multiply_adds;
  }
  EXPECT_EQ(parameters, table.parameters);
  EXPECT_EQ(multiply_adds, table.multiply_adds);
  EXPECT_THAT(layer_of(table, model->last_layer()).output, ElementsAre(7));
  for (const auto& [name, tensor] : state_dict(*model)) {
    EXPECT_EQ(tensor.scalar_type(), before.at(name).scalar_type());
    EXPECT_TRUE(torch::equal(tensor, before.at(name))) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Models, EveryModelsTable, testing::ValuesIn(config::network_names()),
                         [](const auto& test) { return test.param; });

// By hand: 128 x 129 inputs; a 3x3 convolution costs in * out * 9 a pixel.
TEST(LayerTable, OfCnnHasItsShapesAndCosts) {
  const InputShape shape{.bins = 128, .frames = 129};
  const auto table = layer_table(*make_model(config::model_defaults("cnn"), shape, 10), shape);
  const Layer second = layer_of(table, "blocks.1.conv");
  EXPECT_EQ(second.kind, "conv2d");
  EXPECT_THAT(second.output, ElementsAre(64, 64, 64));
  EXPECT_EQ(second.parameters, 18'496);
  EXPECT_EQ(second.multiply_adds, 32 * 64 * 9 * 64 * 64);
  EXPECT_EQ(layer_of(table, "hidden.0").multiply_adds, 256 * 512);
  EXPECT_EQ(table.multiply_adds, 9LL * 128 * 129 * 32 + 9LL * 64 * 64 * 32 * 64 + 9LL * 32 * 32 * 64 * 128 +
                                     9LL * 16 * 16 * 128 * 256 + 256 * 512 + 512 * 10);
}

// By hand: a step of an LSTM costs 4 * units * (inputs + units) in each direction.
TEST(LayerTable, OfLstmCountsEveryStep) {
  const InputShape shape{.bins = 20, .frames = 129};
  const auto table = layer_table(*make_model(config::model_defaults("lstm"), shape, 10), shape);
  const Layer recurrent = layer_of(table, "recurrent");
  EXPECT_EQ(recurrent.multiply_adds, 129LL * 2 * 4 * 256 * (20 + 256) + 129LL * 2 * 4 * 256 * (512 + 256));
  EXPECT_EQ(recurrent.parameters, 2 * 4 * 256 * (20 + 256 + 2) + 2 * 4 * 256 * (512 + 256 + 2));
}

// docs/models.md holds what `chorale train --list-models --markdown` prints.
TEST(ModelList, IsInTheDocumentation) {
  const auto path = std::filesystem::path(std::getenv("CHORALE_SOURCE")) / "docs/models.md";
  EXPECT_THAT(runtime::read_file(path), testing::HasSubstr(to_text(list_models(), ListFormat::kMarkdown)));
}

}  // namespace
}  // namespace chorale::models
