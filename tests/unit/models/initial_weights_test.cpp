#include "pipeline/models/initial_weights.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/checkpoint/run_folder.hpp"
#include "pipeline/runtime/error.hpp"
#include "support/small_models.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::models {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::small_options;
using testing_support::small_shape;
using Tensors = std::map<std::string, torch::Tensor>;

class InitialWeights : public testing::Test {
 protected:
  static std::shared_ptr<Model> make(const std::string& name, std::int64_t outputs = 7,
                                     std::int64_t input_channels = 1) {
    auto options = small_options(name);
    if (options.input_channels) options.input_channels = input_channels;
    return make_model(options, small_shape(name), outputs);
  }

  // Copies, as contiguous float or int64.
  static Tensors copies(const Model& model) {
    Tensors tensors;
    for (const auto& [name, tensor] : state_dict(model)) {
      tensors.emplace(name, tensor.detach().clone(at::MemoryFormat::Contiguous));
    }
    return tensors;
  }

  static std::map<std::string, checkpoint::TensorView> views(const Tensors& tensors) {
    std::map<std::string, checkpoint::TensorView> views;
    for (const auto& [name, tensor] : tensors) {
      const char* type = tensor.scalar_type() == torch::kInt64     ? "I64"
                         : tensor.scalar_type() == torch::kFloat16 ? "F16"
                                                                   : "F32";
      views[name] = {type, tensor.sizes().vec(), tensor.const_data_ptr(), tensor.nbytes()};
    }
    return views;
  }

  std::filesystem::path write(const Tensors& tensors) const {
    const auto path = folder_.path() / "weights.safetensors";
    checkpoint::write_safetensors(path, views(tensors));
    return path;
  }

  static std::string refusal_of(Model& model, const std::filesystem::path& source) {
    try {
      take_weights(model, source);
    } catch (const runtime::UsageError& error) {
      return error.what();
    }
    return {};
  }

  const testing_support::TemporaryFolder folder_;
};

TEST_F(InitialWeights, AreAllTakenWhereTheModelIsTheSame) {
  const auto source = make("resnet18"), model = make("resnet18");
  const auto taken = take_weights(*model, write(copies(*source)));
  EXPECT_EQ(taken.taken, state_dict(*model).size());
  EXPECT_THAT(taken.fresh, testing::IsEmpty());
  const auto state = state_dict(*model);
  for (const auto& [name, tensor] : state_dict(*source))
    EXPECT_TRUE(torch::equal(state.at(name), tensor)) << name;
}

TEST_F(InitialWeights, LeaveANewLastLayerAsItIsWhereTheClassesDiffer) {
  const auto source = make("cnn", 7), model = make("cnn", 4);
  const auto last = state_dict(*model).at("output.weight").clone();
  const auto taken = take_weights(*model, write(copies(*source)));
  EXPECT_THAT(taken.fresh, ElementsAre("output.bias", "output.weight"));
  EXPECT_TRUE(torch::equal(state_dict(*model).at("output.weight"), last));
  EXPECT_TRUE(
      torch::equal(state_dict(*model).at("hidden.0.weight"), state_dict(*source).at("hidden.0.weight")));
}

TEST_F(InitialWeights, AreRefusedWithEachTensorThatDoesNotFit) {
  const auto model = make("cnn");
  const auto before = copies(*model);
  auto tensors = copies(*make("cnn"));
  tensors.erase("blocks.1.conv.bias");
  tensors["hidden.0.bias"] = torch::zeros({3});
  const std::string refusal = refusal_of(*model, write(tensors));
  EXPECT_THAT(refusal, HasSubstr("blocks.1.conv.bias: not in the file"));
  EXPECT_THAT(refusal, HasSubstr("hidden.0.bias: [16] in the model, F32 [3] in the file"));
  for (const auto& [name, tensor] : state_dict(*model))
    EXPECT_TRUE(torch::equal(tensor, before.at(name))) << name;
}

TEST_F(InitialWeights, MayHoldWhatTheModelHasNot) {
  const auto model = make("cnn");
  auto tensors = copies(*make("cnn"));
  tensors["extra.weight"] = torch::zeros({3});
  EXPECT_THAT(take_weights(*model, write(tensors)).left, ElementsAre("extra.weight"));
}

TEST_F(InitialWeights, OfThreeChannelsAreSummedForOne) {
  const auto three = make("resnet18", 7, 3), one = make("resnet18", 7, 1);
  auto tensors = copies(*three);
  for (const auto& [name, tensor] : copies(*three)) {
    if (name.ends_with("num_batches_tracked")) tensors.erase(name);  // older files have none
  }
  take_weights(*one, write(tensors));
  three->eval();
  one->eval();
  const auto inputs = testing_support::random_inputs(3, small_shape("cnn"));
  EXPECT_TRUE(torch::allclose(one->forward(inputs), three->forward(inputs), 1e-4, 1e-5));
}

TEST_F(InitialWeights, OfHalfPrecisionAreWidened) {
  const auto source = make("rnn"), model = make("rnn");
  auto tensors = copies(*source);
  for (auto& [name, tensor] : tensors) tensor = tensor.to(torch::kFloat16);
  take_weights(*model, write(tensors));
  EXPECT_TRUE(torch::equal(state_dict(*model).at("output.weight"),
                           state_dict(*source).at("output.weight").to(torch::kFloat16).to(torch::kFloat32)));
}

TEST_F(InitialWeights, OfARunAreThoseOfItsBestCheckpoint) {
  const checkpoint::RunFolder run(folder_.path() / "run");
  const auto best = make("rnn"), latest = make("rnn"), model = make("rnn");
  checkpoint::State state;
  state.epoch = state.best_epoch = 1;
  const auto write_one = [&](checkpoint::CheckpointKind kind, const Model& source) {
    const auto tensors = copies(source);
    checkpoint::write_checkpoint(run, kind, state, views(tensors), {});
  };
  write_one(checkpoint::CheckpointKind::kBest, *best);
  state.epoch = 2;
  write_one(checkpoint::CheckpointKind::kEpoch, *latest);
  take_weights(*model, run.dir());
  EXPECT_TRUE(torch::equal(state_dict(*model).at("output.weight"), state_dict(*best).at("output.weight")));
}

TEST_F(InitialWeights, ThatAreNotThereAreSaid) {
  const auto model = make("rnn");
  EXPECT_THAT(refusal_of(*model, folder_.path() / "nothing"), HasSubstr("does not exist"));
  EXPECT_THAT(refusal_of(*model, folder_.path()), HasSubstr("holds no checkpoint"));
}

class Freeze : public InitialWeights {};

TEST_F(Freeze, KeepsParametersAndStatisticsOfAPrefixAsTheyAre) {
  const auto model = make("resnet18");
  freeze(*model, {"conv1", "bn1", "layer1.0"});
  const auto before = copies(*model);
  model->train();
  torch::nn::functional::cross_entropy(model->forward(testing_support::random_inputs(4, small_shape("cnn"))),
                                       torch::arange(4))
      .backward();
  for (const auto& item : model->named_parameters()) {
    const std::string& name = item.key();
    const bool frozen =
        name.starts_with("conv1.") || name.starts_with("bn1.") || name.starts_with("layer1.0.");
    EXPECT_EQ(item.value().requires_grad(), !frozen) << name;
    EXPECT_EQ(item.value().grad().defined(), !frozen) << name;
  }
  const auto after = state_dict(*model);
  EXPECT_TRUE(torch::equal(after.at("bn1.running_mean"), before.at("bn1.running_mean")));
  EXPECT_TRUE(torch::equal(after.at("layer1.0.bn2.running_var"), before.at("layer1.0.bn2.running_var")));
  EXPECT_FALSE(torch::equal(after.at("layer1.1.bn1.running_mean"), before.at("layer1.1.bn1.running_mean")));
}

TEST_F(Freeze, HoldsInsideOfAConvolutionBlock) {
  const auto model = make("cnn");
  freeze(*model, {"blocks.0"});
  const auto before = copies(*model);
  model->train();
  model->forward(testing_support::random_inputs(4, small_shape("cnn")));
  const auto after = state_dict(*model);
  EXPECT_TRUE(torch::equal(after.at("blocks.0.norm.running_mean"), before.at("blocks.0.norm.running_mean")));
  EXPECT_FALSE(torch::equal(after.at("blocks.1.norm.running_mean"), before.at("blocks.1.norm.running_mean")));
}

TEST_F(Freeze, RefusesAPrefixThatNothingHas) {
  const auto model = make("resnet18");
  try {
    freeze(*model, {"layer1", "layer"});
    FAIL();
  } catch (const runtime::UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("\"layer\"; they begin with: bn1, conv1, fc, layer1, layer2"));
  }
}

}  // namespace
}  // namespace chorale::models
