#include "ingest/plan.hpp"

#include <gmock/gmock.h>

#include "pipeline/runtime/atomic_file.hpp"
#include "support/temporary_folder.hpp"

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
  for (const Shard& shard : make_plan(catalogue, 2).plan.shards) result.push_back(shard.catalogue_hash);
  return result;
}

TEST(Plan, CutsConsecutiveTracksIntoShards) {
  auto catalogue = five_tracks();
  catalogue.tasks = {{"genre", config::TaskKind::kMulti, {"rock", "jazz"}}};
  catalogue.refused = {{"../x.wav", "list", "leaves the root"}};
  catalogue.entries[3].track.path = "x/d\xff.wav";  // a file name need not be UTF-8
  const auto planned = make_plan(catalogue, 2);
  const Plan plan = from_text(to_text(planned.plan));
  EXPECT_EQ(plan.tasks[0].classes, catalogue.tasks[0].classes);
  ASSERT_EQ(plan.shards.size(), 3U);
  EXPECT_EQ(plan.shards[1].number, 1U);
  EXPECT_EQ(plan.shards[1].bytes, 700U);
  EXPECT_EQ(plan.shards[2].tracks, 1U);
  EXPECT_THAT(longest_first(plan.shards), ElementsAre(1, 2, 0));

  const testing_support::TemporaryFolder folder;
  runtime::write_file(folder.path() / "parts", planned.parts);
  const Part first = read_part(folder.path() / "parts", plan.shards[0]);
  ASSERT_EQ(first.refused.size(), 1U);
  EXPECT_EQ(first.refused[0].path, "../x.wav");
  const Part second = read_part(folder.path() / "parts", plan.shards[1]);
  ASSERT_EQ(second.entries.size(), 2U);
  EXPECT_TRUE(second.refused.empty());
  EXPECT_EQ(second.entries[0].track.id, "c");
  EXPECT_EQ(second.entries[1].track.path, "x/d\xff.wav");
  EXPECT_EQ(second.entries[1].track.labels, catalogue.entries[3].track.labels);
  EXPECT_EQ(second.entries[1].bytes, 400U);
  EXPECT_THROW(read_part(folder.path() / "none", plan.shards[0]), runtime::FileError);
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
