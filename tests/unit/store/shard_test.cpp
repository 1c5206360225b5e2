#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/store/shard_writer.hpp"
#include "sample_store.hpp"
#include "support/mel_store.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::store {
namespace {

using testing_support::TemporaryFolder;

TEST(Shard, BytesDependOnTheContentAlone) {
  const TemporaryFolder a, b;
  write_sample_store(a.path(), 2);
  write_sample_shard(b.path(), 1);
  write_sample_shard(b.path(), 0);
  write_sample_shard(b.path(), 0);
  write_index(b.path(), sample_header(), 2);
  for (const char* name : {"shard-00000.h5", "shard-00001.h5", "index.h5"}) {
    EXPECT_EQ(runtime::read_file(a.path() / name), runtime::read_file(b.path() / name)) << name;
  }
}

TEST(Shard, NothingButTheShardIsLeftInTheFolder) {
  const TemporaryFolder folder;
  write_sample_shard(folder.path(), 7);
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    names.push_back(entry.path().filename().string());
  }
  EXPECT_THAT(names, testing::ElementsAre("shard-00007.h5"));
}

TEST(Shard, CheckTellsWhyAShardMustBeWrittenAgain) {
  const TemporaryFolder folder;
  const auto check = [&](const StoreHeader& header, const std::string& catalogue, std::size_t shard = 0) {
    return check_shard(folder.path(), shard, header, catalogue);
  };
  EXPECT_EQ(check(sample_header(), sample_catalogue(0)), ShardState::kMissing);
  write_sample_shard(folder.path(), 0);
  EXPECT_EQ(check(sample_header(), sample_catalogue(0)), ShardState::kValid);
  EXPECT_EQ(check(sample_header(), "other"), ShardState::kOtherCatalogue);

  StoreHeader other = sample_header();
  other.config_hash = "fedcba9876543210";
  EXPECT_EQ(check(other, sample_catalogue(0)), ShardState::kOtherConfig);

  // A class found elsewhere in the collection moves the indices of labels in every shard.
  other = sample_header();
  other.tasks[0].classes.insert(other.tasks[0].classes.begin(), "ambient");
  EXPECT_EQ(check(other, sample_catalogue(0)), ShardState::kOtherCatalogue);

  std::filesystem::copy_file(folder.path() / shard_name(0), folder.path() / shard_name(1));
  EXPECT_EQ(check(sample_header(), sample_catalogue(0), 1), ShardState::kOtherCatalogue);
}

TEST(Shard, AFileThatThisUserOrMachineFailedOnIsTriedAgain) {
  for (const char* stage : {kAccessStage, kMemoryStage}) {
    const TemporaryFolder folder;
    ShardWriter writer(sample_header(), 0, sample_catalogue(0));
    writer.quarantine({.path = "a.wav", .stage = stage, .reason = "may not be read by this user"});
    writer.write(folder.path());
    EXPECT_EQ(check_shard(folder.path(), 0, sample_header(), sample_catalogue(0)),
              ShardState::kToBeTriedAgain);
  }
}

TEST(Shard, RefusesATrackThatHoldsNoNumbers) {
  ShardWriter writer(sample_header(), 0, "");
  EXPECT_THROW(testing_support::add_mel(writer, sample_track(0), {}), StoreError);
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    auto mel = sample_mel(0, 2);
    mel.back() = bad;
    EXPECT_THROW(testing_support::add_mel(writer, sample_track(0), mel), StoreError);
  }
  const TemporaryFolder folder;
  writer.write(folder.path());
  write_index(folder.path(), sample_header(), 1);
  EXPECT_TRUE(Store::open(folder.path()).tracks().empty());
}

TEST(Shard, ExistingConfigIsReadFromWhateverFileCanBeRead) {
  const TemporaryFolder folder;
  EXPECT_EQ(existing_config(folder.path()), "");
  EXPECT_EQ(existing_config(folder.path() / "none"), "");
  write_sample_store(folder.path(), 2);
  EXPECT_EQ(existing_config(folder.path()), sample_header().config_text);
  runtime::write_file(folder.path() / "index.h5", "no HDF5");
  runtime::write_file(folder.path() / "shard-00000.h5", "");
  EXPECT_EQ(existing_config(folder.path()), sample_header().config_text);
  EXPECT_EQ(shard_files(folder.path()).size(), 2U);
}

TEST(Shard, AMissingFolderIsAnErrorThatNamesTheFile) {
  try {
    write_sample_shard("/proc/no_such_store", 0);
    FAIL() << "expected StoreError";
  } catch (const StoreError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("/proc/no_such_store/shard-00000.h5"));
  }
}

}  // namespace
}  // namespace chorale::store
