#include "pipeline/checkpoint/run_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "support/temporary_folder.hpp"

namespace chorale::checkpoint {
namespace {

class RunFolderTest : public ::testing::Test {
 protected:
  std::filesystem::path write(CheckpointKind kind, std::int64_t epoch, std::int64_t step,
                              std::int64_t best_epoch) {
    State state;
    state.epoch = epoch;
    state.step = step;
    state.best_epoch = best_epoch;
    const std::vector<float> values = {static_cast<float>(epoch), static_cast<float>(step)};
    const std::map<std::string, TensorView> tensors = {{"w", {"F32", {2}, values.data(), 8}}};
    return write_checkpoint(run_, kind, state, tensors, tensors);
  }

  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& item : std::filesystem::directory_iterator(run_.checkpoints())) {
      names.push_back(item.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  testing_support::TemporaryFolder folder_;
  RunFolder run_{folder_.path() / "run"};
};

TEST_F(RunFolderTest, AnEmptyRunHasNoCheckpoint) {
  EXPECT_FALSE(run_.latest());
  EXPECT_FALSE(run_.best());
}

TEST_F(RunFolderTest, ACheckpointHoldsModelOptimizerAndState) {
  const auto path = write(CheckpointKind::kEpoch, 3, 0, 0);
  EXPECT_EQ(path, run_.checkpoints() / "epoch-0003");
  EXPECT_EQ(read_state(path).epoch, 3);
  EXPECT_EQ(SafetensorsFile(path / kModelFile).tensors().at("w").bytes, 8U);
  EXPECT_EQ(SafetensorsFile(path / kOptimizerFile).tensors().size(), 1U);
}

TEST_F(RunFolderTest, TheTwoNewestAreKeptAndAStopWithinAnEpochLiesBetweenItsNeighbours) {
  write(CheckpointKind::kEpoch, 8, 0, 0);
  write(CheckpointKind::kEpoch, 9, 0, 0);
  write(CheckpointKind::kEpoch, 9, 120, 0);
  EXPECT_THAT(names(), ::testing::ElementsAre("epoch-0009", "epoch-0009-s000120"));
  EXPECT_EQ(run_.latest(), run_.checkpoints() / "epoch-0009-s000120");
  write(CheckpointKind::kEpoch, 10, 0, 0);
  EXPECT_THAT(names(), ::testing::ElementsAre("epoch-0009-s000120", "epoch-0010"));
  EXPECT_EQ(run_.latest(), run_.checkpoints() / "epoch-0010");
}

TEST_F(RunFolderTest, EpochsAreOrderedAsNumbers) {
  write(CheckpointKind::kEpoch, 9'999, 0, 0);
  write(CheckpointKind::kEpoch, 10'000, 0, 0);
  EXPECT_EQ(run_.latest(), run_.checkpoints() / "epoch-10000");
}

TEST_F(RunFolderTest, WhatIsNotACompleteCheckpointIsPassedOver) {
  write(CheckpointKind::kEpoch, 1, 0, 0);
  for (const char* name : {"epoch-0006.partial", "epoch-7", "notes"}) {
    std::filesystem::create_directory(run_.checkpoints() / name);
  }
  std::ofstream(run_.checkpoints() / "epoch-0006.partial" / kStateFile) << "{}";
  EXPECT_EQ(run_.latest(), run_.checkpoints() / "epoch-0001");
  write(CheckpointKind::kEpoch, 5, 0, 0);
  EXPECT_EQ(run_.latest(), run_.checkpoints() / "epoch-0005");
}

TEST_F(RunFolderTest, ADamagedCheckpointIsPassedOverForTheOneBeforeIt) {
  using testing::Optional;
  const auto older = write(CheckpointKind::kEpoch, 1, 0, 0), newer = write(CheckpointKind::kEpoch, 2, 0, 0);
  EXPECT_EQ(damage(newer), std::nullopt);
  std::fstream(newer / kOptimizerFile, std::ios::in | std::ios::out | std::ios::binary)
      .seekp(-1, std::ios::end)
      .put('x');
  EXPECT_THAT(damage(newer), Optional(std::string("optimizer.safetensors is not as it was written")));
  EXPECT_EQ(run_.latest(), older);
  EXPECT_EQ(write(CheckpointKind::kEpoch, 2, 0, 0), newer);  // trained again
  EXPECT_EQ(run_.latest(), newer);

  std::filesystem::resize_file(newer / kStateFile, 10);
  EXPECT_THAT(damage(newer), Optional(std::string("state.json is not as it was written")));
  write(CheckpointKind::kEpoch, 1, 7, 0);
  EXPECT_THAT(names(), ::testing::ElementsAre("epoch-0001", "epoch-0001-s000007"));
}

TEST_F(RunFolderTest, OnlyDamagedCheckpointsAreAnErrorAndNoFreshStart) {
  const auto path = write(CheckpointKind::kEpoch, 1, 0, 0);
  std::filesystem::remove(path / kModelFile);
  try {
    run_.latest();
    FAIL() << "passed over";
  } catch (const CheckpointError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("model.safetensors is missing"));
    EXPECT_THAT(error.what(), testing::HasSubstr("--fresh"));
  }
  std::filesystem::resize_file(path / kChecksumFile, 5);
  EXPECT_TRUE(damage(path));
}

TEST_F(RunFolderTest, KeepsAsManyAsItIsTold) {
  run_ = RunFolder(folder_.path() / "run", 3);
  for (const std::int64_t epoch : {1, 2, 3, 4}) write(CheckpointKind::kEpoch, epoch, 0, 0);
  EXPECT_THAT(names(), ::testing::ElementsAre("epoch-0002", "epoch-0003", "epoch-0004"));
}

// A job killed after best-0006 and before epoch-0006 goes on from epoch-0005, whose best is still there.
TEST_F(RunFolderTest, TheFormerBestStaysUntilACheckpointNamesTheNewOne) {
  write(CheckpointKind::kBest, 3, 0, 3);
  write(CheckpointKind::kEpoch, 5, 0, 3);
  write(CheckpointKind::kBest, 6, 0, 6);
  EXPECT_EQ(run_.best(), run_.checkpoints() / "best-0003");
  write(CheckpointKind::kBest, 6, 0, 6);
  write(CheckpointKind::kEpoch, 6, 0, 6);
  EXPECT_EQ(run_.best(), run_.checkpoints() / "best-0006");
  EXPECT_THAT(names(), ::testing::ElementsAre("best-0006", "epoch-0005", "epoch-0006"));
}

TEST_F(RunFolderTest, TheCheckpointARunContinuedFromIsKept) {
  const auto path = write(CheckpointKind::kEpoch, 5, 40, 0);
  const auto written = std::filesystem::last_write_time(path / kModelFile);
  EXPECT_EQ(write(CheckpointKind::kEpoch, 5, 40, 0), path);
  EXPECT_EQ(std::filesystem::last_write_time(path / kModelFile), written);
}

TEST_F(RunFolderTest, AFailedWriteLeavesTheFormerCheckpoints) {
  write(CheckpointKind::kEpoch, 1, 0, 0);
  State state;
  state.epoch = 2;
  const float value = 1;
  EXPECT_THROW(write_checkpoint(run_, CheckpointKind::kEpoch, state, {{"w", {"F32", {9}, &value, 4}}}, {}),
               CheckpointError);
  EXPECT_THAT(names(), ::testing::ElementsAre("epoch-0001"));
}

TEST_F(RunFolderTest, ARunFolderThatIsAFileIsAnErrorWithItsPath) {
  std::ofstream(run_.dir()) << "in the way";
  try {
    write(CheckpointKind::kEpoch, 1, 0, 0);
    FAIL() << "expected CheckpointError";
  } catch (const CheckpointError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr(run_.checkpoints().string()));
  }
}

}  // namespace
}  // namespace chorale::checkpoint
