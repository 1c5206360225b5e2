// What holds for every model: parameters, shapes, clips of any length, refusals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "pipeline/runtime/error.hpp"
#include "support/small_models.hpp"

namespace chorale::models {
namespace {

using testing::HasSubstr;
using testing_support::random_inputs;
using testing_support::small_options;
using testing_support::small_shape;

std::int64_t parameter_count(const Model& model) {
  std::int64_t count = 0;
  for (const auto& parameter : model.parameters()) count += parameter.numel();
  return count;
}

std::string refusal_of(const config::Model& options, InputShape shape) {
  try {
    make_model(options, shape, 10);
  } catch (const runtime::UsageError& error) {
    return error.what();
  }
  return {};
}

struct Count {
  std::string name;
  std::int64_t parameters;
  std::int64_t outputs = 10;
  std::int64_t input_channels = 1;
};

// By hand, at 128 bins x 129 frames and 10 outputs (103 features). A convolution has in * kernel * out + out
// parameters, normalisation 2 * out, an LSTM 4 * units * (in + units + 2) a layer and direction, a GRU three
// quarters of it, a linear layer in * out + out.
const std::vector<Count> kCounts = {
    // Convolutions 320 + 18,496 + 73,856 + 295,168, normalisation 960, hidden 131,584, output 5,130.
    {"cnn", 525'514},
    // First layer 2 * 395,264, second 2 * 788,480, hidden 262,656, output 5,130.
    {"lstm", 2'635'274},
    // Three quarters of 2,367,488, hidden and output of lstm.
    {"gru", 2'043'402},
    // Convolutions 92,672, normalisation 448, LSTM over 16 * 128: 2 * 2,361,344 + 2 * 788,480, then as lstm.
    {"hybrid", 6'660'554},
    // Convolutions 9,568 + 55,424 + 221,440, normalisation 896, hidden 32,768 * 512 + 512 and 131,328 with
    // their normalisation 1,024 + 512, output 2,570.
    {"slice_cnn", 17'200'490},
    // Convolutions 41,024 + 41,088 + 82,048, normalisation 640, GRU 37,248 + 24,960, output 650.
    {"crnn1d", 227'658},
    // Normalisation of the input 256, convolutions 640 + 73,856 + 2 * 147,584, normalisation 896, GRU 15,552
    // +
    // 6,336, output 330.
    {"crnn2d", 393'034},
    // 49,664 + 33,280, output 650.
    {"rnn", 83'594},
    // Convolutions 92,672, hidden 33,024, output 2,570.
    {"vgg_small", 128'266},
    // resnet18 with one input channel and no last layer 11,170,240, attention 512 + 2,048 + 8,192 + 32,768,
    // hidden 262,656 + 131,328, output 2,570.
    {"resnet_attention", 11'610'314},
    // Convolutions and normalisation of cnn 388,800, 2,097,664 + 131,328, features 26,624 + 65,792 + 32,896 +
    // 8,256, fusion 164,352 + 131,328, output 2,570.
    {"multitask_cnn", 3'049'610},
    // 2 * 132,096 + 2 * 197,632, hidden 65,792 + 32,896, output 1,290.
    {"multitask_rnn", 759'434},
    // Published by torchvision, at 1000 classes and three channels; one channel has 2 * 64 * 9 or 2 * 64 * 49
    // fewer.
    {"vgg16", 138'357'544, 1000, 3},
    {"resnet18", 11'689'512, 1000, 3},
    {"resnet18", 11'689'512 - 6'272, 1000, 1},
    {"resnet50", 25'557'032, 1000, 3},
};

class Counts : public testing::TestWithParam<Count> {};

TEST_P(Counts, AreThoseOfTheReference) {
  auto options = config::model_defaults(GetParam().name);
  if (options.input_channels) options.input_channels = GetParam().input_channels;
  const auto model = make_model(options, {.vector = 103}, GetParam().outputs);
  EXPECT_EQ(parameter_count(*model), GetParam().parameters);
}

INSTANTIATE_TEST_SUITE_P(Models, Counts, testing::ValuesIn(kCounts), [](const auto& test) {
  return test.param.name + "_" + std::to_string(test.param.input_channels);
});

TEST(Counts, CoverEveryModel) {
  std::set<std::string> names;
  for (const auto& count : kCounts) names.insert(count.name);
  EXPECT_THAT(names, testing::UnorderedElementsAreArray(config::network_names()));
}

class EveryModel : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { torch::manual_seed(1); }
  std::shared_ptr<Model> make(InputShape shape) const {
    const auto model = make_model(small_options(GetParam()), shape, 7);
    model->eval();
    return model;
  }
};

TEST_P(EveryModel, MapsABatchToItsOutputs) {
  const auto model = make(small_shape(GetParam()));
  const Inputs inputs = random_inputs(3, small_shape(GetParam()));
  EXPECT_EQ(model->forward(inputs).sizes(), (std::vector<std::int64_t>{3, 7}));
  EXPECT_EQ(model->embed(inputs).size(0), 3);
}

TEST_P(EveryModel, NamesItsLastLayer) {
  const auto state = state_dict(*make(small_shape(GetParam())));
  EXPECT_EQ(state.at(make(small_shape(GetParam()))->last_layer() + ".weight").size(0), 7);
}

TEST_P(EveryModel, WeightsAreAFunctionOfTheSeed) {
  const auto weights = [&](std::uint64_t seed) {
    torch::manual_seed(seed);
    return state_dict(*make(small_shape(GetParam())));
  };
  const auto first = weights(1), again = weights(1), other = weights(2);
  for (const auto& [name, tensor] : first) EXPECT_TRUE(torch::equal(tensor, again.at(name))) << name;
  const std::string last = make(small_shape(GetParam()))->last_layer() + ".weight";
  EXPECT_FALSE(torch::equal(first.at(last), other.at(last)));
}

TEST_P(EveryModel, TakesClipsOfAnyLengthOrRefusesThem) {
  InputShape clips = small_shape(GetParam());
  clips.frames = 0;
  if (GetParam() == "slice_cnn") {
    EXPECT_THAT(refusal_of(small_options(GetParam()), clips), HasSubstr("train.slice_seconds"));
    return;
  }
  const auto model = make(clips);
  for (const std::int64_t frames : {1, 5, 100}) {  // also fewer than the pools divide by
    Inputs inputs = random_inputs(2, {clips.bins, frames, clips.vector});
    inputs.lengths = torch::tensor({frames, (frames + 1) / 2});
    EXPECT_TRUE(model->forward(inputs).isfinite().all().item<bool>()) << frames;
  }
}

INSTANTIATE_TEST_SUITE_P(Models, EveryModel, testing::ValuesIn(config::network_names()),
                         [](const auto& test) { return test.param; });

// A clip in a batch of longer ones is heard as if it were alone.
class RecurrentModel : public EveryModel {};

TEST_P(RecurrentModel, DoesNotHearThePadding) {
  const auto model = make({.bins = 32, .frames = 0});
  Inputs batch = random_inputs(2, {.bins = 32, .frames = 32});
  batch.lengths = torch::tensor({32, 20});
  const Inputs alone{.frames = batch.frames.slice(0, 1, 2).slice(3, 0, 20), .lengths = torch::tensor({20})};
  const torch::NoGradGuard no_grad;
  EXPECT_TRUE(torch::allclose(model->forward(batch)[1], model->forward(alone)[0], 1e-4, 1e-5));
}

INSTANTIATE_TEST_SUITE_P(Models, RecurrentModel, testing::Values("lstm", "gru", "rnn", "multitask_rnn"),
                         [](const auto& test) { return test.param; });

TEST(Models, RefuseMorePoolsThanTheInputAllows) {
  const auto cnn = config::model_defaults("cnn");
  EXPECT_THAT(refusal_of(cnn, {128, 15}), HasSubstr("128 bins x 15 frames; shorten model.channels or raise"));
  EXPECT_EQ(refusal_of(cnn, {128, 16}), "");
  EXPECT_THAT(refusal_of(config::model_defaults("crnn2d"), {20, 129}), HasSubstr("128 bins x 16 frames"));
  EXPECT_THAT(refusal_of(config::model_defaults("crnn2d"), {20, 0}), HasSubstr("features.mel.n_mels"));
}

TEST(Models, RefuseANumberOfStagesThatTheyDoNotHave) {
  auto options = config::model_defaults("resnet18");
  options.channels = {8, 16};
  EXPECT_THAT(refusal_of(options, {}), HasSubstr("resnet18 has 4 stages, but found 2 widths"));
  options = config::model_defaults("cnn");
  options.channels = std::vector<std::int64_t>{};
  EXPECT_THAT(refusal_of(options, {}), HasSubstr("found 0"));
}

TEST(Models, MultitaskCnnSaysHowToGetItsFeatures) {
  EXPECT_THAT(refusal_of(config::model_defaults("multitask_cnn"), {}),
              testing::AllOf(HasSubstr("train.vector"), HasSubstr("features.store")));
}

TEST(Models, ThreeInputChannelsAreTheOneRepeated) {
  torch::manual_seed(1);
  auto options = small_options("resnet18");
  options.input_channels = 3;
  const auto three = make_model(options, small_shape("resnet18"), 7);
  options.input_channels = 1;
  const auto one = make_model(options, small_shape("resnet18"), 7);
  const torch::NoGradGuard no_grad;
  const auto state = state_dict(*three);
  for (auto [name, tensor] : state_dict(*one)) {
    tensor.copy_(name == "conv1.weight" ? state.at(name).sum(1, /*keepdim=*/true) : state.at(name));
  }
  one->eval();
  three->eval();
  const Inputs inputs = random_inputs(3, small_shape("resnet18"));
  EXPECT_TRUE(torch::allclose(one->forward(inputs), three->forward(inputs), 1e-4, 1e-5));
}

}  // namespace
}  // namespace chorale::models
