#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "pipeline/checkpoint/run_folder.hpp"

namespace chorale::checkpoint {
namespace {

State sample() {
  State state;
  state.model = "cnn";
  state.epoch = 12;
  state.step = 7;
  state.global_step = 1'234'567'890'123;
  state.loss_sum = 0.1 + 0.2;
  state.loss_count = 96;
  state.correct = 31;
  state.best_value = -std::numeric_limits<double>::infinity();
  state.best_epoch = 9;
  state.epochs_since_best = 3;
  state.plateau = {.scale = 0.1, .best = 0.3, .bad_epochs = 2};
  state.world_size = 2;
  state.seconds = 1.0 / 3.0;
  state.config = "[train]\nlr = 1e-4\n# \"quoted\" \u00e9\n";
  state.store_hash = "0123456789abcdef";
  state.split_hash = "fedcba9876543210";
  state.tasks = {{"genre", config::TaskKind::kSingle, {"blues", "rock"}},
                 {"key", config::TaskKind::kKey, {}}};
  state.decodings = {{}, {.mean = 117.3, .deviation = 1.0 / 3.0, .thresholds = {0.5, 0.1}}};
  state.bins = 128;
  state.frames = 129;
  state.normaliser = {
      config::Reference::kOne, 60.0, config::Normalisation::kBinZScore, {0.1F, -40.3F}, {1e-7F, 3}};
  return state;
}

std::string refusal(const std::string& text) {
  try {
    State::from_json(text, "run/state.json");
    return "";
  } catch (const CheckpointError& error) {
    return error.what();
  }
}

TEST(State, SurvivesTheRoundTripExactly) {
  const State state = sample();
  const State back = State::from_json(state.to_json(), "state.json");
  EXPECT_EQ(back.model, state.model);
  EXPECT_EQ(back.epoch, state.epoch);
  EXPECT_EQ(back.step, state.step);
  EXPECT_EQ(back.global_step, state.global_step);
  EXPECT_EQ(back.loss_sum, state.loss_sum);
  EXPECT_EQ(back.loss_count, state.loss_count);
  EXPECT_EQ(back.correct, state.correct);
  EXPECT_EQ(back.best_value, state.best_value);
  EXPECT_EQ(back.best_epoch, state.best_epoch);
  EXPECT_EQ(back.epochs_since_best, state.epochs_since_best);
  EXPECT_EQ(back.plateau.scale, 0.1);
  EXPECT_EQ(back.plateau.best, 0.3);
  EXPECT_EQ(back.plateau.bad_epochs, 2);
  EXPECT_EQ(back.world_size, state.world_size);
  EXPECT_EQ(back.seconds, state.seconds);
  EXPECT_EQ(back.config, state.config);
  EXPECT_EQ(back.store_hash, state.store_hash);
  EXPECT_EQ(back.split_hash, state.split_hash);
  ASSERT_EQ(back.tasks.size(), 2U);
  EXPECT_EQ(back.tasks[0].name, "genre");
  EXPECT_EQ(back.tasks[0].classes, state.tasks[0].classes);
  EXPECT_EQ(back.tasks[1].kind, config::TaskKind::kKey);
  ASSERT_EQ(back.decodings.size(), 2U);
  EXPECT_EQ(back.decodings[0].deviation, 1.0);
  EXPECT_EQ(back.decodings[1].mean, 117.3);
  EXPECT_EQ(back.decodings[1].deviation, state.decodings[1].deviation);
  EXPECT_EQ(back.decodings[1].thresholds, state.decodings[1].thresholds);
  EXPECT_EQ(back.bins, state.bins);
  EXPECT_EQ(back.frames, state.frames);
  EXPECT_EQ(back.normaliser.reference, config::Reference::kOne);
  EXPECT_EQ(back.normaliser.top_db, 60.0);
  EXPECT_EQ(back.normaliser.kind, config::Normalisation::kBinZScore);
  EXPECT_EQ(back.normaliser.mean, state.normaliser.mean);
  EXPECT_EQ(back.normaliser.scale, state.normaliser.scale);
  EXPECT_EQ(back.to_json(), state.to_json());
}

TEST(State, EveryMissingFieldIsNamed) {
  const auto whole = nlohmann::json::parse(sample().to_json());
  for (const auto& item : whole.items()) {
    auto cut = whole;
    cut.erase(item.key());
    EXPECT_THAT(refusal(cut.dump()),
                ::testing::HasSubstr("run/state.json: field \"" + item.key() + "\" is missing"));
  }
}

TEST(State, UnknownFieldsAndWrongTypesAreNamed) {
  auto json = nlohmann::json::parse(sample().to_json());
  json["momentum"] = 1;
  EXPECT_THAT(refusal(json.dump()), ::testing::HasSubstr("unknown field \"momentum\""));
  json.erase("momentum");
  json["epoch"] = "twelve";
  EXPECT_THAT(refusal(json.dump()), ::testing::HasSubstr("epoch: expected an integer, found \"twelve\""));
  json["epoch"] = 12;
  json["normaliser"]["kind"] = "magic";
  EXPECT_THAT(refusal(json.dump()),
              ::testing::HasSubstr("normaliser: kind: expected one of the known values"));
  EXPECT_THAT(refusal(sample().to_json().substr(0, 100)), ::testing::HasSubstr("not JSON"));
}

}  // namespace
}  // namespace chorale::checkpoint
