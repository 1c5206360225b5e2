#include "eval/metrics/songs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chorale::eval {
namespace {

using testing::ElementsAre;

TEST(Songs, MeanAndVoteCanDisagree) {
  // Two slices lean a little to class 0, one is sure of class 1: votes 2:1, means 0.4:0.6.
  const SliceProbabilities slices{2, {7, 7, 7}, {0.55f, 0.45f, 0.55f, 0.45f, 0.1f, 0.9f}};
  const auto songs = aggregate(slices);
  ASSERT_EQ(songs.size(), 1u);
  EXPECT_EQ(songs[0].song, 7u);
  EXPECT_EQ(songs[0].slices, 3);
  EXPECT_EQ(songs[0].predicted, 1);
  EXPECT_EQ(songs[0].voted, 0);
  EXPECT_THAT(songs[0].votes, ElementsAre(2, 1));
  EXPECT_NEAR(songs[0].mean[0], 0.4, 1e-7);  // float input
  EXPECT_NEAR(songs[0].mean[1], 0.6, 1e-7);
}

TEST(Songs, ATieInTheVoteGoesToTheHighestMean) {
  // One vote each for 0, 1 and 2; class 2 has the highest mean, class 0 the lowest index.
  const SliceProbabilities slices{3, {0, 0, 0}, {0.5f, 0.1f, 0.4f, 0.1f, 0.5f, 0.4f, 0.1f, 0.1f, 0.8f}};
  const auto songs = aggregate(slices);
  EXPECT_THAT(songs[0].votes, ElementsAre(1, 1, 1));
  EXPECT_EQ(songs[0].voted, 2);
}

TEST(Songs, AClassWithoutVotesDoesNotWinATieByItsMean) {
  // Class 1 has the highest mean (0.42) but no vote; 0 and 2 tie, and 2 has the higher mean of them.
  const SliceProbabilities slices{3, {0, 0}, {0.46f, 0.42f, 0.12f, 0.02f, 0.42f, 0.56f}};
  const auto songs = aggregate(slices);
  EXPECT_EQ(songs[0].predicted, 1);
  EXPECT_EQ(songs[0].voted, 2);
}

TEST(Songs, EqualVotesAndEqualMeansGoToTheFirstClass) {
  const SliceProbabilities slices{2, {0, 0}, {0.75f, 0.25f, 0.25f, 0.75f}};
  EXPECT_EQ(aggregate(slices)[0].voted, 0);
  EXPECT_EQ(aggregate(slices)[0].predicted, 0);
}

TEST(Songs, SlicesOfASongNeedNotBeNeighbours) {
  const SliceProbabilities slices{2, {4, 2, 4}, {1, 0, 0, 1, 1, 0}};
  const auto songs = aggregate(slices);
  ASSERT_EQ(songs.size(), 2u);
  EXPECT_EQ(songs[0].song, 4u);
  EXPECT_EQ(songs[0].slices, 2);
  EXPECT_EQ(songs[1].song, 2u);
  EXPECT_EQ(songs[1].predicted, 1);
  EXPECT_THAT(predicted(slices), ElementsAre(0, 1, 0));
}

}  // namespace
}  // namespace chorale::eval
