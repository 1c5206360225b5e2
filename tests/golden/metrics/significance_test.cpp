// McNemar's test against scipy's binomial test, intervals against numpy's own resampling: significance.json
// is written by make_goldens.py.
#include "eval/metrics/significance.hpp"

#include <gtest/gtest.h>

#include "golden/metrics/golden.hpp"

namespace chorale::eval {
namespace {

// Other draws of 4,000 replicates there, 10,000 here: the ends of an interval vary by about 0.003 (a
// quantile's standard error, sqrt(p (1 - p) / n) / density, with a density of 1.5 per 0.04).
constexpr double kDraws = 0.012;

nlohmann::json golden(const char* part) { return testing_support::golden_part("significance.json", part); }

std::string group_of(const nlohmann::json& one, std::size_t i) {
  return std::to_string(one.at("groups").at(i).get<int>());
}

std::vector<Judged> songs_of(const nlohmann::json& one) {
  std::vector<Judged> songs;
  for (std::size_t i = 0; i < one.at("truth").size(); ++i)
    songs.push_back({one.at("truth").at(i), one.at("first").at(i), group_of(one, i)});
  return songs;
}

std::vector<JudgedTwice> pairs_of(const nlohmann::json& one) {
  std::vector<JudgedTwice> songs;
  for (std::size_t i = 0; i < one.at("truth").size(); ++i)
    songs.push_back({one.at("truth").at(i), one.at("first").at(i), one.at("second").at(i), group_of(one, i)});
  return songs;
}

void expect_interval(const Interval& ours, const nlohmann::json& expected, const char* what) {
  EXPECT_NEAR(ours.low, expected.at(0), kDraws) << what;
  EXPECT_NEAR(ours.high, expected.at(1), kDraws) << what;
}

TEST(McNemar, EqualsTheBinomialTest) {
  const auto pairs = golden("mcnemar");
  ASSERT_GE(pairs.size(), 9u);
  for (const auto& one : pairs) {
    const double expected = one.at("p");
    EXPECT_NEAR(mcnemar_exact(one.at("a"), one.at("b")), expected, 1e-9 * expected) << one.dump();
  }
}

TEST(Bootstrap, IntervalsAreThoseOfNumpysDraws) {
  const auto cases = golden("bootstrap");
  ASSERT_EQ(cases.size(), 2u);
  for (const auto& one : cases) {
    SCOPED_TRACE(one.at("name").get<std::string>());
    const auto& expected = one.at("intervals");
    const auto ours = bootstrap(songs_of(one), 3);
    expect_interval(ours.accuracy, expected.at("accuracy"), "accuracy");
    expect_interval(ours.balanced_accuracy, expected.at("balanced_accuracy"), "balanced accuracy");
    expect_interval(ours.macro_f1, expected.at("macro_f1"), "macro F1");
    const Difference difference = compare(pairs_of(one));
    expect_interval(difference.interval, expected.at("difference"), "difference");
    EXPECT_EQ(difference.only_first, one.at("only_first").get<std::int64_t>());
    EXPECT_EQ(difference.only_second, one.at("only_second").get<std::int64_t>());
    EXPECT_NEAR(difference.p, one.at("p"), 1e-9);
    // Of 10,000 draws against scipy's 200,000: four standard errors of the former at the most.
    EXPECT_NEAR(difference.p_of_groups, one.at("p_of_groups"), 0.02);
  }
}

TEST(Bootstrap, RepeatsItselfAndFollowsItsSeed) {
  const auto songs = songs_of(golden("bootstrap").at(0));
  const auto once = bootstrap(songs, 3, {.replicates = 200}),
             again = bootstrap(songs, 3, {.replicates = 200});
  EXPECT_EQ(once.macro_f1.low, again.macro_f1.low);
  EXPECT_EQ(once.macro_f1.high, again.macro_f1.high);
  EXPECT_NE(once.macro_f1.low, bootstrap(songs, 3, {.replicates = 200, .seed = 1}).macro_f1.low);
}

// Songs of one artist are drawn together, so twelve artists say less than 120 songs.
TEST(Bootstrap, OfFewArtistsIsWider) {
  std::vector<Judged> apart, together;
  for (int i = 0; i < 120; ++i) {
    const int predicted = i / 10 % 3 == 0 ? 1 : 0;  // all of an artist's songs are right, or none
    apart.push_back({0, predicted, ""});
    together.push_back({0, predicted, std::to_string(i / 10)});
  }
  const auto narrow = bootstrap(apart, 2).accuracy, wide = bootstrap(together, 2).accuracy;
  EXPECT_GT(wide.high - wide.low, 2 * (narrow.high - narrow.low));
}

// Two artists a class: half of the replicates miss a class, and its F1 is then unknown, not 0.
TEST(Bootstrap, AClassThatIsNotDrawnDoesNotCount) {
  const std::vector<Judged> perfect = {{0, 0, "a"}, {0, 0, "b"}, {1, 1, "c"}, {1, 1, "d"}};
  const auto intervals = bootstrap(perfect, 2);
  EXPECT_EQ(intervals.macro_f1.low, 1);
  EXPECT_EQ(intervals.balanced_accuracy.low, 1);
}

// Three artists, 2, 1 and 1 songs of whom the second run alone gets right: of eight signs two are as far from
// 0.
TEST(Compare, PermutesWholeGroups) {
  const Difference difference =
      compare(std::vector<JudgedTwice>{{0, 1, 0, "a"}, {0, 1, 0, "a"}, {0, 1, 0, "b"}, {0, 1, 0, "c"}});
  EXPECT_NEAR(difference.p_of_groups, 0.25, 0.02);  // four standard errors of 10,000 draws
  EXPECT_EQ(difference.p, 0.125);                   // four songs, each for itself
}

TEST(Compare, RunsThatAgreeDoNotDiffer) {
  const std::vector<JudgedTwice> songs = {{0, 0, 0, ""}, {1, 0, 0, ""}, {1, 1, 1, ""}};
  const Difference difference = compare(songs);
  EXPECT_EQ(difference.value, 0);
  EXPECT_EQ(difference.p, 1);
  EXPECT_EQ(difference.p_of_groups, 1);
  EXPECT_EQ(difference.interval.low, 0);
  EXPECT_EQ(difference.interval.high, 0);
}

}  // namespace
}  // namespace chorale::eval
