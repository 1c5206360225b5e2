#include "ingest/catalogue/selection.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

namespace chorale::catalogue {
namespace {

// 60 rock, 30 jazz, 10 blues, sorted by id.
Catalogue collection() {
  Catalogue catalogue;
  catalogue.tasks = {{"genre", config::TaskKind::kSingle, {"blues", "jazz", "rock"}}};
  const int sizes[] = {10, 30, 60};
  for (std::int32_t label = 0; label < 3; ++label) {
    for (int i = 0; i < sizes[label]; ++i) {
      Entry entry;
      entry.track.id =
          catalogue.tasks[0].classes[static_cast<std::size_t>(label)] + "/" + std::to_string(100 + i);
      entry.track.labels = {dataset::Label::of_class(label)};
      catalogue.entries.push_back(entry);
    }
  }
  return catalogue;
}

Catalogue selected(Catalogue catalogue, std::size_t max_tracks) {
  select(catalogue, max_tracks);
  return catalogue;
}

std::map<std::string, int> count_labels(const Catalogue& catalogue) {
  std::map<std::string, int> counts;
  for (const auto& entry : catalogue.entries) {
    const std::int32_t label = entry.track.labels[0].index();
    ++counts[label < 0 ? "" : catalogue.tasks[0].classes[static_cast<std::size_t>(label)]];
  }
  return counts;
}

std::set<std::string> ids(const Catalogue& catalogue) {
  std::set<std::string> result;
  for (const auto& entry : catalogue.entries) result.insert(entry.track.id);
  return result;
}

TEST(Selection, KeepsProportionsByLargestRemainders) {
  using Counts = std::map<std::string, int>;
  EXPECT_EQ(count_labels(selected(collection(), 50)), (Counts{{"blues", 5}, {"jazz", 15}, {"rock", 30}}));
  // Shares of 7 are 0.7, 2.1 and 4.2: the one left over goes to blues.
  EXPECT_EQ(count_labels(selected(collection(), 7)), (Counts{{"blues", 1}, {"jazz", 2}, {"rock", 4}}));
  EXPECT_EQ(selected(collection(), 0).entries.size(), 100U);
  EXPECT_EQ(selected(collection(), 1000).entries.size(), 100U);
}

TEST(Selection, KeepsTheOrderAndWhatASmallerOneHad) {
  const auto small = selected(collection(), 20), large = selected(collection(), 50);
  EXPECT_TRUE(std::is_sorted(small.entries.begin(), small.entries.end(),
                             [](auto& a, auto& b) { return a.track.id < b.track.id; }));
  const auto few = ids(small), many = ids(large);
  EXPECT_TRUE(std::includes(many.begin(), many.end(), few.begin(), few.end()));
}

TEST(Selection, TracksOfUnknownClassAreOneClassMore) {
  Catalogue catalogue = collection();
  for (std::size_t i = 40; i < 60; ++i) catalogue.entries[i].track.labels = {dataset::Label{}};
  EXPECT_EQ(count_labels(selected(catalogue, 10)),
            (std::map<std::string, int>{{"", 2}, {"blues", 1}, {"jazz", 3}, {"rock", 4}}));
}

}  // namespace
}  // namespace chorale::catalogue
