#include "ingest/plan.hpp"

#include <gmock/gmock.h>

namespace chorale::ingest {
namespace {

using testing::ElementsAre;

catalogue::Catalogue five_tracks() {
  catalogue::Catalogue catalogue;
  for (const auto& [id, bytes] : std::vector<std::pair<std::string, std::uint64_t>>{
           {"a", 10}, {"b", 20}, {"c", 300}, {"d", 400}, {"e", 50}}) {
    catalogue.entries.push_back({{id, "x/" + id + ".wav", id, "", {dataset::Label::of_class(0)}}, bytes});
  }
  return catalogue;
}

std::vector<std::string> hashes(const catalogue::Catalogue& catalogue) {
  std::vector<std::string> result;
  for (const Shard& shard : plan_shards(catalogue, 2)) result.push_back(shard.catalogue_hash);
  return result;
}

TEST(Plan, CutsConsecutiveTracksIntoShards) {
  const auto catalogue = five_tracks();
  const auto shards = plan_shards(catalogue, 2);
  ASSERT_EQ(shards.size(), 3U);
  EXPECT_EQ(shards[1].number, 1U);
  EXPECT_EQ(shards[1].entries.front().track.id, "c");
  EXPECT_EQ(shards[1].bytes, 700U);
  EXPECT_EQ(shards[2].entries.size(), 1U);
  EXPECT_THAT(longest_first(shards), ElementsAre(1, 2, 0));
}

TEST(Plan, AShardsHashKnowsAllThatItsBytesDependOn) {
  const auto before = hashes(five_tracks());
  const auto expect_second_changed = [&](auto change) {
    auto catalogue = five_tracks();
    change(catalogue.entries[3]);
    const auto after = hashes(catalogue);
    EXPECT_EQ(after[0], before[0]);
    EXPECT_NE(after[1], before[1]);
    EXPECT_EQ(after[2], before[2]);
  };
  expect_second_changed([](auto& entry) { entry.bytes += 1; });
  expect_second_changed([](auto& entry) { entry.track.path = "y/d.wav"; });
  expect_second_changed([](auto& entry) { entry.track.group = "artist"; });
  expect_second_changed([](auto& entry) { entry.track.labels = {dataset::Label::of_class(1)}; });
}

}  // namespace
}  // namespace chorale::ingest
