// What holds for every collection, on many random ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "collection.hpp"

namespace chorale::dataset {
namespace {

using config::Part;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::uint64_t kCollections = 200;
constexpr Part kParts[] = {Part::kTrain, Part::kValidation, Part::kTest};

config::Split stratified(double validation, double test, std::int64_t seed = 0) {
  config::Split options;
  options.kind = config::SplitKind::kStratified;
  options.validation = validation;
  options.test = test;
  options.seed = seed;
  return options;
}

std::map<std::int32_t, std::size_t> largest_groups(const Collection& collection) {
  std::map<std::string, std::size_t> sizes;
  std::map<std::int32_t, std::size_t> largest;
  for (const Track& track : collection.tracks) {
    largest[track.labels[0].index()] = std::max(largest[track.labels[0].index()], ++sizes[track.group]);
  }
  return largest;
}

TEST(StratifiedSplit, NoGroupIsInTwoPartsAndEveryClassIsInEveryPart) {
  for (std::uint64_t seed = 0; seed < kCollections; ++seed) {
    const Collection collection = random_collection(seed);
    const auto parts = collection.split(stratified(0.1, 0.2, static_cast<std::int64_t>(seed)));
    ASSERT_EQ(parts.size(), collection.tracks.size());
    std::map<std::string, Part> part_of;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      EXPECT_EQ(part_of.emplace(collection.tracks[i].group, parts[i]).first->second, parts[i]);
    }
    for (auto& [cls, count] : counts(collection, parts)) {
      for (const Part part : kParts) EXPECT_GT(count[part], 0U) << "collection " << seed << " class " << cls;
    }
  }
}

// The bound of deal_groups: less than one largest group too many, less than two too few.
TEST(StratifiedSplit, KeepsTheFractionsOfEachClassAsFarAsItsGroupsAllow) {
  for (std::uint64_t seed = 0; seed < kCollections; ++seed) {
    const Collection collection = random_collection(seed);
    const auto largest = largest_groups(collection);
    for (auto& [cls, count] : counts(collection, collection.split(stratified(0.15, 0.25)))) {
      const auto total =
          static_cast<double>(count[Part::kTrain] + count[Part::kValidation] + count[Part::kTest]);
      const auto bound = static_cast<double>(largest.at(cls));
      for (const auto& [part, fraction] :
           {std::pair(Part::kTrain, 0.6), std::pair(Part::kValidation, 0.15), std::pair(Part::kTest, 0.25)}) {
        const double excess = static_cast<double>(count[part]) - fraction * total;
        EXPECT_LT(excess, bound) << "collection " << seed << " class " << cls;
        EXPECT_GT(excess, -2 * bound) << "collection " << seed << " class " << cls;
      }
    }
  }
}

TEST(StratifiedSplit, EqualGroupsGiveTheExactFractions) {
  Collection collection;
  collection.add_class("blues", std::vector<std::size_t>(20, 5));
  collection.add_class("rock", std::vector<std::size_t>(40, 3));
  auto count = counts(collection, collection.split(stratified(0.15, 0.25)));
  EXPECT_EQ(count[0][Part::kTrain], 60U);
  EXPECT_EQ(count[0][Part::kValidation], 15U);
  EXPECT_EQ(count[0][Part::kTest], 25U);
  EXPECT_EQ(count[1][Part::kTrain], 72U);
  EXPECT_EQ(count[1][Part::kValidation], 18U);
  EXPECT_EQ(count[1][Part::kTest], 30U);
}

TEST(StratifiedSplit, DependsOnTheSeedAndNotOnTheOrderOfTracks) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Collection collection = random_collection(seed);
    const auto parts = collection.split(stratified(0.15, 0.15, 1));
    EXPECT_EQ(parts, collection.split(stratified(0.15, 0.15, 1)));
    EXPECT_NE(parts, collection.split(stratified(0.15, 0.15, 2)));

    Collection shuffled = collection;
    runtime::RandomStream(99).shuffle(std::span(shuffled.tracks));
    EXPECT_EQ(groups_by_part(collection, parts),
              groups_by_part(shuffled, shuffled.split(stratified(0.15, 0.15, 1))));
  }
}

TEST(StratifiedSplit, AGroupThatSpansClassesStaysWhole) {
  Collection collection = random_collection(4);
  // "class2 artist 15" becomes " artist 15": such groups of all classes are one.
  for (Track& track : collection.tracks) {
    if (track.group.ends_with("0") || track.group.ends_with("5")) track.group = track.group.substr(6);
  }
  const auto parts = collection.split(stratified(0.2, 0.2));
  auto groups = groups_by_part(collection, parts);
  std::size_t total = 0;
  Names all;
  for (const auto& [part, names] : groups) {
    total += names.size();
    all.insert(names.begin(), names.end());
  }
  EXPECT_EQ(total, all.size());
  for (auto& [cls, count] : counts(collection, parts)) {
    for (const Part part : kParts) EXPECT_GT(count[part], 0U) << cls;
  }
}

// Artists who play in all eight classes: 20,000 tracks of 3,000 groups. Whole groups of about 7 tracks allow
// far better than the 2 percentage points asked for here.
TEST(StratifiedSplit, KeepsTheFractionsWhereGroupsSpanClasses) {
  runtime::RandomStream random(8);
  Collection collection;
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g", "h"}) collection.add_class(name, {2500});
  for (Track& track : collection.tracks) track.group = std::to_string(random.below(3000));
  for (auto& [cls, count] : counts(collection, collection.split(stratified(0.1, 0.2)))) {
    EXPECT_NEAR(static_cast<double>(count[Part::kTrain]) / 2500, 0.7, 0.02) << cls;
    EXPECT_NEAR(static_cast<double>(count[Part::kValidation]) / 2500, 0.1, 0.02) << cls;
    EXPECT_NEAR(static_cast<double>(count[Part::kTest]) / 2500, 0.2, 0.02) << cls;
  }
}

TEST(StratifiedSplit, AFractionOfZeroLeavesThePartOut) {
  Collection collection;
  collection.add_class("blues", {3, 3});
  const auto count = counts(collection, collection.split(stratified(0, 0.3)));
  EXPECT_FALSE(count.at(0).contains(Part::kValidation));
  EXPECT_EQ(count.at(0).at(Part::kTest), 3U);
}

TEST(StratifiedSplit, AnEmptyGroupMeansATrackOfItsOwn) {
  Collection collection;
  collection.add_class("blues", {20});
  for (Track& track : collection.tracks) track.group.clear();
  EXPECT_EQ(counts(collection, collection.split(stratified(0.1, 0.2)))[0][Part::kTest], 4U);
}

TEST(StratifiedSplit, TracksWithoutALabelAreInNoPart) {
  Collection collection;
  collection.add_class("blues", {1, 1, 1, 1});
  collection.tracks[2].labels = {Label{}};
  EXPECT_EQ(collection.split(stratified(0.1, 0.2))[2], Part::kNone);
}

TEST(StratifiedSplit, EveryClassWithTooFewGroupsIsNamed) {
  Collection collection;
  collection.add_class("blues", {9, 9});
  collection.add_class("jazz", {9, 9, 9});
  collection.add_class("rock", {50});
  const std::string message = collection.refusal(stratified(0.15, 0.15));
  EXPECT_THAT(
      message,
      HasSubstr("class blues has 2 groups (blues artist 0, blues artist 1), too few for 3 parts (train, "
                "validation, test)"));
  EXPECT_THAT(message, HasSubstr("class rock has 1 group (rock artist 0)"));
  EXPECT_THAT(message, Not(HasSubstr("jazz")));
  EXPECT_THAT(message, HasSubstr("dataset.group"));
}

TEST(StratifiedSplit, GroupsThatMakeADealingImpossibleAreAnError) {
  Collection collection;
  collection.add_class("a", {1, 1, 1});
  collection.add_class("b", {1, 1, 1});
  collection.add_class("c", {1, 1, 1});
  // Where 1, 2 and 3 are in three parts, 4 must be where 3 is, so that 1, 3 and 4 are in two.
  const char* groups[] = {"1", "2", "3", "1", "2", "4", "3", "4", "1"};
  for (std::size_t i = 0; i < 9; ++i) collection.tracks[i].group = groups[i];
  EXPECT_THAT(collection.refusal(stratified(0.3, 0.3)), HasSubstr("hold other classes"));
}

TEST(StratifiedSplit, NothingLeftToTrainOnIsAnError) {
  EXPECT_THAT(random_collection(1).refusal(stratified(0.5, 0.5)), HasSubstr("nothing to train on"));
  EXPECT_THAT(Collection().refusal(stratified(0.1, 0.1)), HasSubstr("no track is in the part train"));
}

}  // namespace
}  // namespace chorale::dataset
