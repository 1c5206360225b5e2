#include "pipeline/runtime/nearest.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace chorale::runtime {
namespace {

TEST(EditDistance, CountsInsertionsDeletionsSubstitutionsAndSwaps) {
  EXPECT_EQ(edit_distance("train", "train"), 0U);
  EXPECT_EQ(edit_distance("trian", "train"), 1U);
  EXPECT_EQ(edit_distance("bath", "batch"), 1U);
  EXPECT_EQ(edit_distance("epochss", "epochs"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
}

TEST(Nearest, IsTheFirstOfTheNearestOrNothing) {
  const std::vector<std::string> known = {"ingest", "inspect", "train", "eval"};
  EXPECT_EQ(nearest("trian", known), "train");
  EXPECT_EQ(nearest("inpsect", known), "inspect");
  EXPECT_EQ(nearest("dance", known), std::nullopt);
  EXPECT_EQ(nearest("ab", std::vector<std::string>{"ac", "aa"}), "ac");
}

}  // namespace
}  // namespace chorale::runtime
