// A disk that fills up while a store is written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/store/shard_writer.hpp"
#include "support/mel_store.hpp"
#include "support/small_disk.hpp"
#include "unit/store/sample_store.hpp"

namespace chorale::store {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

// 4 bins of half precision: 8 bytes a frame.
void write_large_shard(const fs::path& folder, std::size_t shard, std::size_t frames) {
  ShardWriter writer(sample_header(), shard, sample_catalogue(shard));
  testing_support::add_mel(writer, sample_track(shard), sample_mel(shard, frames));
  writer.write(folder);
}

std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const StoreError& error) {
    return error.what();
  }
  return "no error";
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename().string());
  return names;
}

const auto kDiskFull =
    AllOf(HasSubstr("No space left on device"), HasSubstr("free space"), HasSubstr("finished shards"));

TEST(DiskFull, AShardThatDoesNotFitIsAnErrorAndLeavesNothing) {
  testing_support::SmallDisk disk(256);
  write_large_shard(disk.path(), 0, 10'000);
  EXPECT_THAT(error_of([&] { write_large_shard(disk.path(), 1, 50'000); }),
              AllOf(kDiskFull, HasSubstr("shard-00001.h5")));
  EXPECT_THAT(names_in(disk.path()), testing::ElementsAre("shard-00000.h5"));
  EXPECT_EQ(check_shard(disk.path(), 0, sample_header(), sample_catalogue(0)), ShardState::kValid);

  // The same process goes on when there is space again.
  disk.grow(2048);
  write_large_shard(disk.path(), 1, 50'000);
  write_index(disk.path(), sample_header(), 2);
  const Store store = Store::open(disk.path());
  EXPECT_EQ(store.tracks().size(), 2U);
  EXPECT_THAT(store.verify(), testing::IsEmpty());
}

TEST(DiskFull, AnIndexThatDoesNotFitLeavesTheFormerOne) {
  const testing_support::SmallDisk disk(256);
  write_sample_store(disk.path(), 2);
  const std::string former = runtime::read_file(disk.path() / "index.h5");
  EXPECT_THROW(runtime::write_file(disk.path() / "filler", std::string(1 << 20, 'x')), runtime::FileError);
  runtime::write_file(disk.path() / "filler", std::string(200 * 1024, 'x'));
  StoreHeader header = sample_header();
  header.program_version = std::string(60'000, 'v');
  EXPECT_THAT(error_of([&] { write_index(disk.path(), header, 2); }),
              AllOf(kDiskFull, HasSubstr("index.h5")));
  EXPECT_EQ(runtime::read_file(disk.path() / "index.h5"), former);
  EXPECT_EQ(Store::open(disk.path()).tracks().size(), 4U);
}

}  // namespace
}  // namespace chorale::store
