#include "train/loop/trainer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/config/config.hpp"
#include "train/checkpoint/same_experiment.hpp"

namespace chorale::train {
namespace {

TEST(Finished, AfterTheLastEpochOrWhenPatienceIsOver) {
  config::Train options;
  options.epochs = 10;
  options.patience = 3;
  checkpoint::State state;
  EXPECT_FALSE(finished(state, options));
  state.epoch = 9;
  state.epochs_since_best = 2;
  EXPECT_FALSE(finished(state, options));
  state.epochs_since_best = 3;
  EXPECT_TRUE(finished(state, options));
  options.patience = 0;
  EXPECT_FALSE(finished(state, options));
  state.epoch = 10;
  EXPECT_TRUE(finished(state, options));
}

TEST(RequireSameExperiment, ListsTheKeysThatDifferAndOnlyThose) {
  config::Experiment experiment = config::parse("", "text");
  checkpoint::State state;
  state.config = config::resolved(experiment);
  experiment.train.epochs += 1;
  experiment.run.dir = "elsewhere";
  experiment.eval.batch_size = 1;
  EXPECT_NO_THROW(require_same_experiment(state, experiment, "run"));
  experiment.model.hidden = {8};
  experiment.split.seed = 3;
  try {
    require_same_experiment(state, experiment, "run");
    FAIL() << "accepted";
  } catch (const checkpoint::CheckpointMismatch& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("model.hidden: [8] here, [512] there"));
    EXPECT_THAT(error.what(), testing::HasSubstr("split.seed: 3 here, 0 there"));
    EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("train.epochs")));
  }
}

TEST(RequireSameData, RefusesOtherClassesAndSizes) {
  checkpoint::State state;
  state.tasks = {{"genre", config::TaskKind::kSingle, {"blues", "rock"}}};
  state.bins = 128;
  state.frames = 129;
  auto now = state;
  EXPECT_NO_THROW(require_same_data(state, now));
  now.tasks.front().classes = {"rock", "blues"};
  EXPECT_THROW(require_same_data(state, now), checkpoint::CheckpointMismatch);
  now = state;
  now.frames = 130;
  EXPECT_THROW(require_same_data(state, now), checkpoint::CheckpointMismatch);
}

}  // namespace
}  // namespace chorale::train
