#include "ingest/catalogue/selection.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

namespace chorale::catalogue {
namespace {

// 60 rock, 30 jazz, 10 blues, sorted by id.
std::vector<LabelledFile> collection() {
  std::vector<LabelledFile> files;
  for (const auto& [label, count] : std::map<std::string, int>{{"blues", 10}, {"jazz", 30}, {"rock", 60}}) {
    for (int i = 0; i < count; ++i) files.push_back({label + "/" + std::to_string(100 + i), "", label, 0});
  }
  return files;
}

std::map<std::string, int> count_labels(const std::vector<LabelledFile>& files) {
  std::map<std::string, int> counts;
  for (const auto& file : files) ++counts[file.label];
  return counts;
}

std::set<std::string> ids(const std::vector<LabelledFile>& files) {
  std::set<std::string> result;
  for (const auto& file : files) result.insert(file.id);
  return result;
}

TEST(Selection, KeepsProportionsByLargestRemainders) {
  using Counts = std::map<std::string, int>;
  EXPECT_EQ(count_labels(select(collection(), 50)), (Counts{{"blues", 5}, {"jazz", 15}, {"rock", 30}}));
  // Shares of 7 are 0.7, 2.1 and 4.2: the one left over goes to blues.
  EXPECT_EQ(count_labels(select(collection(), 7)), (Counts{{"blues", 1}, {"jazz", 2}, {"rock", 4}}));
  EXPECT_EQ(select(collection(), 0).size(), 100U);
  EXPECT_EQ(select(collection(), 1000).size(), 100U);
}

TEST(Selection, KeepsTheOrderAndWhatASmallerOneHad) {
  const auto small = select(collection(), 20), large = select(collection(), 50);
  EXPECT_TRUE(std::is_sorted(small.begin(), small.end(), [](auto& a, auto& b) { return a.id < b.id; }));
  const auto few = ids(small), many = ids(large);
  EXPECT_TRUE(std::includes(many.begin(), many.end(), few.begin(), few.end()));
}

}  // namespace
}  // namespace chorale::catalogue
