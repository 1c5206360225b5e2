#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/store/store.hpp"
#include "sample_store.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::store {
namespace {

using testing::HasSubstr;
using testing_support::TemporaryFolder;

class StoreOfType : public testing::TestWithParam<config::StoreType> {};

TEST_P(StoreOfType, GivesBackWhatWasWritten) {
  const TemporaryFolder folder;
  write_sample_store(folder.path(), 3, GetParam());
  const Store store = Store::open(folder.path());
  EXPECT_EQ(store.config_text(), sample_header().config_text);
  EXPECT_EQ(store.config_hash(), sample_header().config_hash);
  EXPECT_EQ(store.program_version(), "0.1.0");
  EXPECT_EQ(store.decoder(), "libsndfile-1.2.0");
  EXPECT_EQ(store.features(), sample_header(GetParam()).features);
  const std::size_t mel = store.feature("mel", FeatureKind::kFrames);
  ASSERT_EQ(store.tasks().size(), 2U);
  EXPECT_EQ(store.tasks()[0].name, "genre");
  EXPECT_EQ(store.tasks()[0].kind, config::TaskKind::kSingle);
  EXPECT_THAT(store.tasks()[0].classes, testing::ElementsAre("blues", "jazz", "ポップ"));
  EXPECT_EQ(store.tasks()[1].kind, config::TaskKind::kRegression);
  EXPECT_TRUE(store.tasks()[1].classes.empty());
  ASSERT_EQ(store.quarantine().size(), 3U);
  EXPECT_EQ(store.quarantine()[2].path, "bad/noise.wav");
  EXPECT_EQ(store.quarantine()[2].stage, "decode");
  EXPECT_EQ(store.quarantine()[2].reason, "not audio");

  ASSERT_EQ(store.tracks().size(), 6U);
  for (std::size_t i = 0; i < 6; ++i) {
    const StoredTrack& row = store.tracks()[i];
    const StoredTrack expected = sample_track(i);
    EXPECT_EQ(row.track.id, expected.track.id);
    EXPECT_EQ(row.track.path, expected.track.path);
    EXPECT_EQ(row.track.group, expected.track.group);
    EXPECT_EQ(row.track.split, "");
    EXPECT_EQ(row.track.labels, expected.track.labels);
    EXPECT_EQ(row.duration, expected.duration);
    EXPECT_EQ(row.source_rate, 44100);
    EXPECT_EQ(row.channels, 2);
    EXPECT_EQ(row.source_hash, expected.source_hash);
    EXPECT_EQ(row.shard, i / 2);
    EXPECT_EQ(row.frame_offset, i % 2 == 0 ? 0 : sample_frames(i - 1));
    EXPECT_EQ(row.frame_count, sample_frames(i));
    EXPECT_EQ(store.maximum(mel, i), sample_value(i, sample_frames(i) - 1, kBins - 1));
  }
}

TEST_P(StoreOfType, ReadsAnyFramesOfATrack) {
  const TemporaryFolder folder;
  write_sample_store(folder.path(), 2, GetParam());
  const Store store = Store::open(folder.path());
  for (std::size_t track = 0; track < store.tracks().size(); ++track) {
    for (std::size_t first = 0; first < sample_frames(track); ++first) {
      const std::size_t count = sample_frames(track) - first;
      std::vector<float> values(count * kBins);
      store.read_frames(0, track, first, count, values.data());
      for (std::size_t i = 0; i < values.size(); ++i) {
        ASSERT_EQ(values[i], sample_value(track, first + i / kBins, i % kBins));
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Types, StoreOfType,
                         testing::Values(config::StoreType::kHalf, config::StoreType::kFloat),
                         [](const auto& type) {
                           return type.param == config::StoreType::kHalf ? "half" : "float";
                         });

// Halves near 80 dB are 2^-4 apart, so rounding moves a value by at most 2^-5.
TEST(Store, HalfRoundsAValueByAtMostAThirtySecond) {
  const TemporaryFolder folder;
  std::vector<float> mel;
  for (int i = 0; i < 400; ++i) mel.push_back(-100.0F + 0.37F * static_cast<float>(i));
  ShardWriter writer(sample_header(), 0, "");
  testing_support::add_mel(writer, sample_track(0), mel);
  writer.write(folder.path());
  write_index(folder.path(), sample_header(), 1);
  const Store store = Store::open(folder.path());
  std::vector<float> values(mel.size());
  store.read_frames(0, 0, 0, mel.size() / kBins, values.data());
  for (std::size_t i = 0; i < mel.size(); ++i) EXPECT_NEAR(values[i], mel[i], 0.03125F);
  EXPECT_EQ(store.maximum(0, 0), mel.back());
}

TEST(Store, AShardWithoutAUsableTrackIsAShard) {
  const TemporaryFolder folder;
  write_sample_shard(folder.path(), 0);
  ShardWriter empty(sample_header(), 1, sample_catalogue(1));
  empty.quarantine({.path = "a.wav", .stage = "decode", .reason = "empty file"});
  empty.write(folder.path());
  write_sample_shard(folder.path(), 2);
  write_index(folder.path(), sample_header(), 3);
  EXPECT_EQ(check_shard(folder.path(), 1, sample_header(), sample_catalogue(1)), ShardState::kValid);

  const Store store = Store::open(folder.path());
  EXPECT_EQ(store.tracks().size(), 4U);
  EXPECT_EQ(store.quarantine().size(), 3U);
  EXPECT_THAT(store.verify(), testing::IsEmpty());
  std::vector<float> values(kBins);
  store.read_frames(0, 2, 1, 1, values.data());
  EXPECT_EQ(values[0], sample_value(4, 1, 0));
}

TEST(Store, AStoreWithoutAnyTrackOpens) {
  const TemporaryFolder folder;
  write_index(folder.path(), sample_header(), 0);
  const Store store = Store::open(folder.path());
  EXPECT_TRUE(store.tracks().empty());
  EXPECT_TRUE(store.shards().empty());
}

TEST(Store, ClassNamesMayTakeMoreThanAnAttributesUsual64KiB) {
  const TemporaryFolder folder;
  StoreHeader header = sample_header();
  for (int i = 0; i < 3000; ++i)
    header.tasks[0].classes.push_back("a class with a long name, number " + std::to_string(i));
  write_index(folder.path(), header, 0);
  EXPECT_EQ(Store::open(folder.path()).tasks()[0].classes, header.tasks[0].classes);
}

std::string why_not_opened(const std::filesystem::path& folder) {
  try {
    Store::open(folder);
  } catch (const StoreError& error) {
    return error.what();
  }
  return "it opened";
}

TEST(Store, SaysWhatIsMissing) {
  const TemporaryFolder folder;
  EXPECT_THAT(why_not_opened(folder.path() / "none"), HasSubstr("no such folder"));
  EXPECT_THAT(why_not_opened(folder.path()), HasSubstr("no store there"));
  write_sample_shard(folder.path(), 0);
  EXPECT_THAT(why_not_opened(folder.path()), HasSubstr("run chorale ingest"));
  EXPECT_THROW(write_index(folder.path(), sample_header(), 2), StoreError);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "index.h5"));
}

TEST(Store, AShardWrittenAgainTakesTheFormerIndexAway) {
  const TemporaryFolder folder;
  write_sample_store(folder.path(), 2);
  write_sample_shard(folder.path(), 1);
  EXPECT_THAT(why_not_opened(folder.path()), HasSubstr("incomplete"));
}

TEST(Store, AnIndexIsNotMadeFromShardsOfAnotherConfiguration) {
  const TemporaryFolder folder;
  write_sample_shard(folder.path(), 0);
  StoreHeader other = sample_header();
  other.config_hash = "fedcba9876543210";
  EXPECT_THROW(write_index(folder.path(), other, 1), StoreError);
}

}  // namespace
}  // namespace chorale::store
