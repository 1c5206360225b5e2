// Networks made by hand, of which one can say what they go by.
#include "pipeline/models/attribution.hpp"

#include <gtest/gtest.h>

#include "pipeline/config/model_options.hpp"

namespace chorale::models {
namespace {

constexpr std::int64_t kBins = 32, kFrames = 40;

void set(Model& model, const std::string& name, const torch::Tensor& value) {
  const torch::NoGradGuard no_gradients;
  torch::Tensor tensor = state_dict(model).at(name);
  ASSERT_EQ(tensor.sizes(), value.sizes()) << name;
  tensor.copy_(value);
}

void clear(Model& model) {
  const torch::NoGradGuard no_gradients;
  for (auto& [name, tensor] : state_dict(model)) torch::Tensor(tensor).zero_();
}

// Output 0 is the mean of what is above zero less that of what is below; output 1 is the negative.
std::shared_ptr<Model> light_or_dark() {
  config::Model options = config::model_defaults("vgg_small");
  options.channels = {2};
  options.hidden = {2};
  auto model = make_model(options, {kBins, kFrames}, 2);
  clear(*model);
  torch::Tensor filters = torch::zeros({2, 1, 3, 3});
  filters[0][0][1][1] = 1;
  filters[1][0][1][1] = -1;
  set(*model, "blocks.0.conv.weight", filters);
  set(*model, "hidden.0.weight", torch::eye(2));
  set(*model, "output.weight", torch::tensor({{1.0F, -1.0F}, {-1.0F, 1.0F}}));
  model->eval();
  return model;
}

torch::Tensor region(const torch::Tensor& map, std::int64_t bin, std::int64_t frame) {
  return map.slice(0, bin, bin + 4).slice(1, frame, frame + 4);
}

TEST(Attribution, GradCamPeaksWhereTheOutputComesFrom) {
  const auto model = light_or_dark();
  Inputs inputs{.frames = torch::zeros({2, 1, kBins, kFrames})};
  region(inputs.frames[0][0], 20, 8).fill_(1);
  region(inputs.frames[0][0], 4, 30).fill_(-1);
  inputs.frames[1] = inputs.frames[0];
  const auto [method, map] = attribute(*model, inputs, torch::tensor({0, 1}, torch::kInt64));
  ASSERT_EQ(method, AttributionMethod::kGradCam);
  ASSERT_EQ(map.sizes(), (std::vector<std::int64_t>{2, kBins, kFrames}));
  // The activation is as fine as the input, so the map is exactly the patch that speaks for the output.
  torch::Tensor light = torch::zeros({kBins, kFrames}), dark = torch::zeros({kBins, kFrames});
  region(light, 20, 8).fill_(1);
  region(dark, 4, 30).fill_(1);
  EXPECT_TRUE(torch::allclose(map[0], light, 0, 1e-6));
  EXPECT_TRUE(torch::allclose(map[1], dark, 0, 1e-6));
}

TEST(Attribution, GradCamOfWhatNothingSpeaksForIsZero) {
  const auto model = light_or_dark();
  Inputs inputs{.frames = torch::zeros({1, 1, kBins, kFrames})};
  region(inputs.frames[0][0], 4, 30).fill_(-1);
  EXPECT_EQ(attribute(*model, inputs, torch::tensor({0}, torch::kInt64)).map.abs().max().item<float>(), 0);
}

// An LSTM whose gates see bin 5 alone.
TEST(Attribution, SaliencyIsOfTheBinsThatAreRead) {
  torch::manual_seed(1);
  const auto model = make_model(config::model_defaults("rnn"), {kBins, kFrames}, 3);
  const torch::Tensor weights = state_dict(*model).at("recurrent.weight_ih_l0").detach().clone();
  const torch::Tensor seen = torch::zeros_like(weights);
  seen.select(1, 5).copy_(weights.select(1, 5));
  set(*model, "recurrent.weight_ih_l0", seen);
  model->eval();
  const auto [method, map] =
      attribute(*model, {.frames = torch::randn({1, 1, kBins, kFrames})}, torch::tensor({2}, torch::kInt64));
  ASSERT_EQ(method, AttributionMethod::kSaliency);
  EXPECT_EQ(map[0].amax(1).argmax().item<std::int64_t>(), 5);
  EXPECT_FLOAT_EQ(map[0][5].max().item<float>(), 1);
  EXPECT_EQ(torch::cat({map[0].slice(0, 0, 5), map[0].slice(0, 6)}).max().item<float>(), 0);
}

}  // namespace
}  // namespace chorale::models
