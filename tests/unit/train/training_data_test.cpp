#include "train/data/training_data.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "pipeline/config/config.hpp"
#include "pipeline/models/inputs.hpp"
#include "pipeline/store/shard_writer.hpp"
#include "support/mel_store.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::train {
namespace {

store::StoredTrack track(const std::string& id, const std::string& group) {
  store::StoredTrack row;
  row.track.id = row.track.path = id;
  row.track.group = group;
  row.track.labels = {dataset::Label::of_class(0)};
  return row;
}

TEST(AssertNoLeak, AGroupMayBeInOnePartOnly) {
  using enum config::Part;
  const std::vector tracks = {track("a", "artist 1"), track("b", "artist 1"), track("c", ""), track("d", "")};
  EXPECT_NO_THROW(assert_no_leak(tracks, std::vector{kTrain, kTrain, kTest, kTrain}));
  EXPECT_NO_THROW(assert_no_leak(tracks, std::vector{kTrain, kNone, kTest, kTrain}));
  EXPECT_THROW(assert_no_leak(tracks, std::vector{kTrain, kTest, kTest, kTrain}), std::logic_error);
}

TEST(AssertNoLeak, AFileMayBeInOnePartOnly) {
  using enum config::Part;
  std::vector tracks = {track("a", ""), track("b", ""), track("c", ""), track("d", "")};
  tracks[1].source_hash = tracks[3].source_hash = 0xabc;
  EXPECT_NO_THROW(assert_no_leak(tracks, std::vector{kTest, kTrain, kTest, kTrain}));
  EXPECT_NO_THROW(assert_no_leak(tracks, std::vector{kTrain, kTest, kTest, kNone}));
  EXPECT_THROW(assert_no_leak(tracks, std::vector{kTrain, kTest, kTest, kTrain}), std::logic_error);
}

TEST(OpenStore, RefusesAStoreOfAnotherConfigurationAndSaysWhichKeysDiffer) {
  const testing_support::TemporaryFolder folder;
  config::Experiment experiment;
  experiment.store.path = folder.path();
  const store::StoreHeader header{.config_text = config::resolved_store(experiment),
                                  .config_hash = config::store_hash(experiment),
                                  .program_version = "0.1.0",
                                  .tasks = {{"genre", config::TaskKind::kSingle, {"blues"}}},
                                  .features = {testing_support::mel_feature(2)}};
  store::ShardWriter writer(header, 0, "catalogue");
  testing_support::add_mel(writer, track("a", ""), std::vector<float>(4, -20.0F));
  writer.write(folder.path());
  store::write_index(folder.path(), header, 1);

  EXPECT_EQ(open_store(experiment).tracks().size(), 1U);
  experiment.features.hop_length = 256;
  try {
    open_store(experiment);
    FAIL() << "opened";
  } catch (const store::StoreMismatch& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("features.hop_length: 256 here, 512 there"));
  }
}

TEST(InputsOf, AreTheTimeMajorBatchAsImages) {
  samples::Batch batch;
  batch.samples = {4, 5};
  batch.frames = 3;
  batch.bins = 2;
  batch.inputs = {0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121};
  const auto input = models::inputs_of(batch).frames;
  ASSERT_EQ(input.sizes(), (std::vector<std::int64_t>{2, 1, 2, 3}));
  EXPECT_EQ((input[1][0][1][2].item<float>()), 121);
  EXPECT_EQ((input[0][0][1][0].item<float>()), 1);
}

}  // namespace
}  // namespace chorale::train
