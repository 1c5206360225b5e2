// Experiments beside each other in a report.
#include "eval/report/comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "eval/report/report.hpp"
#include "eval/tables/formats.hpp"
#include "support/temporary_folder.hpp"
#include "unit/eval/report_runs.hpp"

namespace chorale::eval {
namespace {

namespace fs = std::filesystem;
using runtime::read_file;

// Of ten songs the first run has six right, the other all: four that only it has, for which a fair coin gives
// 2 * (1/2)^4.
TEST(Comparison, ExperimentsAreComparedWithTheFirstOnTheSameSongs) {
  const testing_support::TemporaryFolder folder;
  const auto first = make_run(folder.path() / "first", 1, 6),
             second = make_run(folder.path() / "second", 1, 6, 1e-4);
  std::string all_right = read_file(second / "songs.csv");
  for (auto at = all_right.find("c_d,a<b"); at != std::string::npos; at = all_right.find("c_d,a<b"))
    all_right.replace(at, 7, "c_d,c_d");
  runtime::write_file(second / "songs.csv", all_right);
  const auto runs = read_runs({first, second});
  const auto groups = group_runs(runs);
  const auto sets = comparable(groups);
  ASSERT_EQ(sets.size(), 1u);
  const auto json = nlohmann::json::parse(to_json(comparison_table(sets.front(), "comparison")));
  EXPECT_TRUE(json["rows"][0]["difference"].is_null());
  EXPECT_DOUBLE_EQ(json["rows"][1]["difference"], 0.4);
  EXPECT_DOUBLE_EQ(json["rows"][1]["p"], 0.125);
  EXPECT_EQ(json["rows"][1]["significance"], "");
  // Of ten draws with a chance of 0.4 the 2.5th percentile is 1, the 97.5th 7.
  EXPECT_DOUBLE_EQ(json["rows"][1]["difference_interval"]["low"], 0.1);
  EXPECT_DOUBLE_EQ(json["rows"][1]["difference_interval"]["high"], 0.7);
  EXPECT_DOUBLE_EQ(json["rows"][0]["song_accuracy_interval"]["low"], 0.3);
  EXPECT_DOUBLE_EQ(json["rows"][0]["song_accuracy_interval"]["high"], 0.9);
}

TEST(Comparison, OtherSongsAreNotCompared) {
  const testing_support::TemporaryFolder folder;
  const auto runs =
      read_runs({make_run(folder.path() / "first", 1, 6), make_run(folder.path() / "second", 2, 6, 1e-4)});
  const auto groups = group_runs(runs);
  const auto json =
      nlohmann::json::parse(to_json(comparison_table(comparable(groups).front(), "comparison")));
  for (const char* column : {"difference", "difference_interval", "p", "significance"})
    EXPECT_TRUE(json["rows"][1][column].is_null()) << column;
}

TEST(Comparison, ExperimentsOfOtherSplitsStandApartWithTheReason) {
  const testing_support::TemporaryFolder folder;
  const auto first = make_run(folder.path() / "first", 1, 6),
             second = make_run(folder.path() / "second", 1, 6, 1e-4);
  auto json = nlohmann::json::parse(read_file(second / "metrics.json"));
  json["split"]["group"] = "artist";
  runtime::write_file(second / "metrics.json", json.dump());
  const auto runs = read_runs({first, second});
  const auto tables = write_report(runs, folder.path() / "report");
  ASSERT_EQ(tables.size(), 2u);
  EXPECT_EQ(tables[0].rows.size(), 1u);
  EXPECT_EQ(tables[1].name, "comparison-2");
  EXPECT_EQ(
      tables[1].notes.front(),
      "Apart from the first table: another split (folds by artist, 5 folds, not folds by track, 5 folds).");
  EXPECT_TRUE(fs::exists(folder.path() / "report/tables/comparison-2.tex"));
}

TEST(Comparison, ExperimentsWithOtherClassesStandApartWithTheReason) {
  const testing_support::TemporaryFolder folder;
  const auto first = make_run(folder.path() / "first", 1, 6),
             second = make_run(folder.path() / "second", 1, 6, 1e-4);
  for (const char* file : {"metrics.json", "songs.csv"}) {
    std::string text = read_file(second / file);
    for (auto at = text.find("c_d"); at != std::string::npos; at = text.find("c_d")) text.replace(at, 3, "e");
    runtime::write_file(second / file, text);
  }
  const auto runs = read_runs({first, second});
  const auto groups = group_runs(runs);
  const auto sets = comparable(groups);
  ASSERT_EQ(sets.size(), 2u);
  EXPECT_EQ(sets[0].groups.size(), 1u);
  EXPECT_EQ(sets[1].reason, "another classes (a<b, e, not a<b, c_d)");
}

TEST(Comparison, ResultsOnAnotherStoreStandApartWithTheReason) {
  const testing_support::TemporaryFolder folder;
  const auto run = make_run(folder.path() / "run", 1, 6),
             other = make_run(folder.path() / "run/on/fma", 1, 5);
  auto metrics = metrics_from_json(read_file(other / "metrics.json"), "metrics.json");
  metrics.split = {.kind = "all songs",
                   .part = "cross-dataset: fma",
                   .group = "artist",
                   .warning = "Warning: artists",
                   .store = "stores/fma",
                   .left_out = "3 songs: no label"};
  metrics.command = "chorale eval run --on stores/fma";
  runtime::write_file(other / "metrics.json", to_json(metrics));
  const auto runs = read_runs({run, other});
  const auto tables = write_report(runs, folder.path() / "report");
  ASSERT_EQ(tables.size(), 2u);
  EXPECT_EQ(text_of(tables[1].rows[0][0]), "cnn on songs, cross-dataset: fma");
  EXPECT_EQ(
      tables[1].notes.front(),
      "Apart from the first table: another part (cross-dataset: fma, not test); another split (all songs by "
      "artist, not folds by track, 5 folds).");
  EXPECT_THAT(read_file(folder.path() / "report/report.html"),
              testing::HasSubstr("Left out: 3 songs: no label."));
  EXPECT_THAT(read_file(folder.path() / "report/commands.sh"),
              testing::HasSubstr("chorale eval " + run.string() + "\nchorale eval run --on stores/fma\n"));
}

TEST(Comparison, OverFoldsSongsCountOneByOneOverSeedsTogether) {
  const testing_support::TemporaryFolder folder;
  const auto cells = [&](const auto& runs) {
    const auto groups = group_runs(runs);
    const auto json =
        nlohmann::json::parse(to_json(comparison_table(comparable(groups).front(), "comparison")));
    EXPECT_EQ(json["rows"].size(), 2u);
    return json["rows"][1];
  };
  const auto folds = cells(
      read_runs({make_run(folder.path() / "a1", 1, 6), make_run(folder.path() / "a2", 2, 7),
                 make_run(folder.path() / "b1", 1, 6, 1e-4), make_run(folder.path() / "b2", 2, 7, 1e-4)}));
  EXPECT_EQ(folds["difference"], 0);
  EXPECT_EQ(folds["p"], 1);

  auto runs =
      read_runs({make_run(folder.path() / "c1", 1, 6), make_run(folder.path() / "c2", 1, 6),
                 make_run(folder.path() / "d1", 1, 6, 1e-4), make_run(folder.path() / "d2", 1, 6, 1e-4)});
  for (const std::size_t second : {1u, 3u}) runs[second].metrics.checkpoint.seed = 1;
  const auto seeds = cells(runs);
  EXPECT_EQ(seeds["difference_interval"]["low"], 0);
  EXPECT_EQ(seeds["p"], 1);
}

TEST(Comparison, WithoutSongsThereIsNoInterval) {
  const testing_support::TemporaryFolder folder;
  auto runs = read_runs({make_run(folder.path() / "one", 1, 6)});
  runs.front().songs.clear();
  const auto groups = group_runs(runs);
  const auto json =
      nlohmann::json::parse(to_json(comparison_table(comparable(groups).front(), "comparison")));
  EXPECT_TRUE(json["rows"][0]["song_accuracy_interval"].is_null());
}

TEST(Comparison, MarksFollowTheUsualLevels) {
  EXPECT_EQ(significance_mark(0.0009), "***");
  EXPECT_EQ(significance_mark(0.009), "**");
  EXPECT_EQ(significance_mark(0.049), "*");
  EXPECT_EQ(significance_mark(0.05), "");
}

}  // namespace
}  // namespace chorale::eval
