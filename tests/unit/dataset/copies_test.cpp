// Byte-identical files, and that no kind of split separates them.
#include "pipeline/dataset/copies.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "collection.hpp"
#include "pipeline/dataset/csv.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::dataset {
namespace {

using config::Part;
using config::SplitKind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A random collection of which every tenth track, about, is a copy of another, of whatever group and class.
Collection with_copies(std::uint64_t seed) {
  Collection collection = random_collection(seed);
  runtime::RandomStream random(seed + 1000);
  const std::size_t tracks = collection.tracks.size();
  for (std::size_t i = 0; i < tracks; ++i) collection.sources.push_back(1000 + i);
  for (std::size_t n = 0; n < tracks / 10; ++n)
    collection.sources[random.below(tracks)] = collection.sources[random.below(tracks)];
  return collection;
}

void expect_no_copy_separated(const Collection& collection, const std::vector<Part>& parts) {
  std::map<std::uint64_t, Part> part_of;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] == Part::kNone) continue;
    ASSERT_EQ(part_of.emplace(collection.sources[i], parts[i]).first->second, parts[i])
        << collection.tracks[i].id;
  }
}

// Parts for the groups that were drawn by lot, without a thought of copies.
void draw_parts(Collection& collection, std::uint64_t seed) {
  runtime::RandomStream random(seed);
  std::map<std::string, std::string> part_of_group;
  const char* const names[] = {"train", "train", "validation", "test"};
  for (Track& track : collection.tracks)
    track.split = part_of_group.emplace(track.group, names[random.below(4)]).first->second;
}

TEST(Copies, NoKindOfSplitSeparatesThem) {
  const testing_support::TemporaryFolder folder;
  std::size_t dealt = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Collection collection = with_copies(seed);
    draw_parts(collection, seed);
    std::string csv = "id,part\n";
    for (Track& track : collection.tracks) {
      csv += csv_field(track.id) + "," + track.split + "\n";
      track.path = std::to_string(1 + std::hash<std::string>()(track.group) % 5) + "/" + track.path;
    }
    std::ofstream(folder.path() / "split.csv") << csv;
    for (const SplitKind kind :
         {SplitKind::kStratified, SplitKind::kFolds, SplitKind::kOfficial, SplitKind::kFile}) {
      for (const char* pattern : {"", R"(^(\d)/)"}) {
        config::Split options;
        options.kind = kind;
        options.file = (folder.path() / "split.csv").string();
        options.fold_pattern = pattern;
        try {
          expect_no_copy_separated(collection, collection.split(options));
          ++dealt;
        } catch (const SplitError& error) {  // copies may bind so many groups that a class has too few left
          EXPECT_THAT(error.what(), ::testing::AnyOf(::testing::HasSubstr("too few for"),
                                                     ::testing::HasSubstr("no dealing found"),
                                                     ::testing::HasSubstr("no track is in the part")));
        }
      }
    }
  }
  EXPECT_GT(dealt, 200U);
}

TEST(Copies, BindTheirGroupsUnderTheFirstName) {
  Collection collection;
  collection.add_class("rock", {2, 1, 1, 1});
  collection.sources = {1, 2, 2, 3, 1};  // groups 0 0 1 2 3: 0-1 by file 2, 0-3 by file 1
  const Bonds bonds = find_bonds(collection.tracks, collection.sources);
  EXPECT_THAT(bonds.of, ElementsAre(0, 0, 0, 1, 0));
  EXPECT_THAT(bonds.names, ElementsAre("rock artist 0", "rock artist 2"));
  EXPECT_THAT(find_copies(collection.tracks, collection.sources),
              ElementsAre(ElementsAre(0, 4), ElementsAre(1, 2)));
}

TEST(Copies, AreNotMadeOfUnknownFilesOrVariants) {
  Collection collection;
  collection.add_class("rock", {1, 1, 1});
  EXPECT_THAT(find_copies(collection.tracks, {}), IsEmpty());
  EXPECT_THAT(find_copies(collection.tracks, std::vector<std::uint64_t>(3, 0)), IsEmpty());
  collection.tracks[1].variant = "gain_-6";
  EXPECT_THAT(find_copies(collection.tracks, std::vector<std::uint64_t>{7, 7, 8}), IsEmpty());
}

TEST(Copies, InGivenPartsTheOneInTestStays) {
  Collection collection;
  collection.add_class("rock", {1, 1, 1, 1, 1, 1});
  collection.sources = {1, 1, 1, 2, 2, 3};
  std::vector<Part> parts = {Part::kTrain,      Part::kTest,  Part::kValidation,
                             Part::kValidation, Part::kTrain, Part::kTrain};
  EXPECT_EQ(leave_out_copies(collection.tracks, collection.sources, parts), 3U);
  EXPECT_THAT(parts, ElementsAre(Part::kNone, Part::kTest, Part::kNone, Part::kValidation, Part::kNone,
                                 Part::kTrain));
}

TEST(Copies, InOnePartAllStay) {
  Collection collection;
  collection.add_class("rock", {1, 1, 1});
  collection.sources = {1, 1, 1};
  std::vector<Part> parts = {Part::kTrain, Part::kNone, Part::kTrain};
  EXPECT_EQ(leave_out_copies(collection.tracks, collection.sources, parts), 0U);
  EXPECT_THAT(parts, ElementsAre(Part::kTrain, Part::kNone, Part::kTrain));
}

}  // namespace
}  // namespace chorale::dataset
