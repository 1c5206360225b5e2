#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/store/hdf5.hpp"
#include "pipeline/store/store.hpp"
#include "pipeline/store/tables.hpp"
#include "sample_store.hpp"
#include "support/temporary_folder.hpp"

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

  void flip(const fs::path& path, std::uint64_t offset) const {
    std::string content = runtime::read_file(path);
    content.at(offset) = static_cast<char>(content.at(offset) ^ 0x10);
    runtime::write_file(path, content);
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
  const std::string good = runtime::read_file(shard);
  for (const auto& place : Hdf5File::open(shard).datasets()) {
    ASSERT_GT(place.bytes, 0U) << place.name;
    flip(shard, place.offset + place.bytes / 2);
    EXPECT_EQ(check(1), ShardState::kDamaged) << place.name;
    EXPECT_THAT(Store::open(folder_.path()).verify(),
                ElementsAre(AllOf(HasSubstr("shard-00001.h5"), HasSubstr(place.name), HasSubstr("damaged"))));
    runtime::write_file(shard, good);
  }
  EXPECT_EQ(check(1), ShardState::kValid);
  EXPECT_THAT(Store::open(folder_.path()).verify(), ElementsAre());
}

TEST_F(DamagedStore, AFlippedBitInTheIndexIsFoundOnOpening) {
  const fs::path index = file("index.h5");
  const std::string good = runtime::read_file(index);
  for (const auto& place : Hdf5File::open(index).datasets()) {
    flip(index, place.offset + place.bytes / 2);
    EXPECT_THAT(why_not_opened(), AllOf(HasSubstr("index.h5"), HasSubstr(place.name), HasSubstr("damaged")));
    runtime::write_file(index, good);
  }
  EXPECT_EQ(why_not_opened(), "it opened");
}

// Wherever a bit flips, a shard is found damaged, or every dataset and attribute is still what it was (free
// space).
TEST_F(DamagedStore, AFlippedBitAnywhereIsFoundOrHarmless) {
  const fs::path shard = file("shard-00000.h5");
  const std::string good = runtime::read_file(shard);
  std::size_t found = 0;
  for (std::size_t offset = 0; offset < good.size(); offset += 97) {
    flip(shard, offset);
    if (check(0) == ShardState::kDamaged) {
      ++found;
    } else {
      const Store store = Store::open(folder_.path());
      write_index(folder_.path(), sample_header(), 2);
      EXPECT_EQ(Store::open(folder_.path()).tracks()[1].track.path, sample_track(1).track.path) << offset;
    }
  }
  EXPECT_GT(found, 10U);
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
    writer.add(sample_track(track), mel);
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
    newer.write_attribute("/", "format_version", std::int64_t{2});
    newer.write_attribute("/", "kind", std::string_view(kind));
    save(newer, path);
  }
  EXPECT_THROW(Store::open(folder_.path()), StoreMismatch);
  EXPECT_THROW(check(0), StoreMismatch);
  EXPECT_THROW(existing_config(folder_.path()), StoreMismatch);
}

}  // namespace
}  // namespace chorale::store
