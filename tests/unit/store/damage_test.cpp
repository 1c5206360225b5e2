#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/store/hdf5.hpp"
#include "pipeline/store/store.hpp"
#include "pipeline/store/tables.hpp"
#include "sample_store.hpp"
#include "support/temporary_folder.hpp"

// HDF5 1.10 loses what it had read of an object when the rest turns out damaged. So these tests have a
// program of their own, and LeakSanitizer sees all of HDF5 in the other one.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libhdf5"; }

namespace chorale::store {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::TemporaryFolder;

class DamagedStore : public testing::Test {
 protected:
  DamagedStore() { write_sample_store(folder_.path(), 2); }

  fs::path file(const std::string& name) const { return folder_.path() / name; }

  // Flips a bit in place; the second time it is as it was.
  void flip(const fs::path& path, std::uint64_t offset) const {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    const auto position = static_cast<std::streamoff>(offset);
    const int byte = file.seekg(position).get();
    file.seekp(position).put(static_cast<char>(byte ^ 0x10));
    ASSERT_TRUE(file.good());
  }

  ShardState check(std::size_t shard) const {
    return check_shard(folder_.path(), shard, sample_header(), sample_catalogue(shard));
  }

  std::string why_not_opened() const {
    try {
      Store::open(folder_.path());
    } catch (const StoreError& error) {
      return error.what();
    }
    return "it opened";
  }

  const TemporaryFolder folder_;
};

TEST_F(DamagedStore, AFlippedBitInAnyDatasetIsFoundAndNamed) {
  const fs::path shard = file("shard-00001.h5");
  for (const auto& place : Hdf5File::open(shard).datasets()) {
    ASSERT_GT(place.bytes, 0U) << place.name;
    const auto middle = place.offset + place.bytes / 2;
    flip(shard, middle);
    EXPECT_EQ(check(1), ShardState::kDamaged) << place.name;
    EXPECT_THAT(Store::open(folder_.path()).verify(),
                ElementsAre(AllOf(HasSubstr("shard-00001.h5"), HasSubstr(place.name), HasSubstr("damaged"))));
    flip(shard, middle);
  }
  EXPECT_EQ(check(1), ShardState::kValid);
  EXPECT_THAT(Store::open(folder_.path()).verify(), ElementsAre());
}

TEST_F(DamagedStore, AFlippedBitInTheIndexIsFoundOnOpening) {
  const fs::path index = file("index.h5");
  for (const auto& place : Hdf5File::open(index).datasets()) {
    const auto middle = place.offset + place.bytes / 2;
    flip(index, middle);
    EXPECT_THAT(why_not_opened(), AllOf(HasSubstr("index.h5"), HasSubstr(place.name), HasSubstr("damaged")));
    flip(index, middle);
  }
  EXPECT_EQ(why_not_opened(), "it opened");
}

// Wherever a bit flips, the shard is found damaged, or it lay in unused space and the same index is made from
// it.
TEST_F(DamagedStore, AFlippedBitAnywhereIsFoundOrHarmless) {
  const fs::path shard = file("shard-00000.h5");
  const std::string index = runtime::read_file(file("index.h5"));
  const auto size = fs::file_size(shard);
  std::size_t found = 0, tried = 0;
  for (std::uint64_t offset = 0; offset < size; offset += 61, ++tried) {
    flip(shard, offset);
    if (check(0) == ShardState::kDamaged) {
      ++found;
    } else {
      write_index(folder_.path(), sample_header(), 2);
      EXPECT_EQ(runtime::read_file(file("index.h5")), index) << offset;
    }
    flip(shard, offset);
  }
  EXPECT_GT(found, tried / 2);
}

TEST_F(DamagedStore, ATruncatedShardIsRefusedOnOpening) {
  const fs::path shard = file("shard-00001.h5");
  const auto size = fs::file_size(shard);
  for (const auto length : {size - 1, size / 2, std::uintmax_t{10}, std::uintmax_t{0}}) {
    fs::resize_file(shard, length);
    EXPECT_EQ(check(1), ShardState::kDamaged) << length;
    EXPECT_THAT(why_not_opened(), HasSubstr("shard-00001.h5")) << length;
  }
  fs::remove(shard);
  EXPECT_THAT(why_not_opened(), HasSubstr("shard-00001.h5"));
}

TEST_F(DamagedStore, AShardOfAnotherStoreInItsPlaceIsFound) {
  const TemporaryFolder other;
  ShardWriter writer(sample_header(), 0, sample_catalogue(0));
  for (std::size_t track = 0; track < 2; ++track) {
    auto mel = sample_mel(track, sample_frames(track));
    mel.front() -= 1.0F;
    testing_support::add_mel(writer, sample_track(track), mel);
  }
  writer.quarantine({.path = "bad/noise.wav", .stage = "decode", .reason = "not audio"});
  writer.write(other.path());
  fs::copy_file(other.path() / "shard-00000.h5", file("shard-00000.h5"),
                fs::copy_options::overwrite_existing);
  EXPECT_THAT(Store::open(folder_.path()).verify(), ElementsAre(HasSubstr("shard-00000.h5: /mel")));
}

TEST_F(DamagedStore, AnotherFormatVersionIsRefused) {
  for (const char* kind : {"index", "shard"}) {
    const fs::path path = file(std::string(kind) == "index" ? "index.h5" : "shard-00000.h5");
    Hdf5File newer = Hdf5File::create(path);
    newer.write_attribute("/", "format_version", kFormatVersion + 1);
    newer.write_attribute("/", "kind", std::string_view(kind));
    save(newer, path);
  }
  EXPECT_THROW(Store::open(folder_.path()), StoreMismatch);
  EXPECT_THROW(check(0), StoreMismatch);
  EXPECT_THROW(existing_config(folder_.path()), StoreMismatch);
}

}  // namespace
}  // namespace chorale::store
