// Reports over runs made of files: config.toml, metrics.json, history.csv.
#include "eval/report/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "eval/report/comparison.hpp"
#include "eval/report/document.hpp"
#include "eval/report/report_tables.hpp"
#include "eval/tables/formats.hpp"
#include "pipeline/config/config.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::eval {
namespace {

namespace fs = std::filesystem;
using runtime::read_file;
using testing::HasSubstr;
using testing::Not;

// The first class for everybody: right for the first `right` of 10 songs.
std::string songs_csv_of(std::int64_t fold, std::int64_t right) {
  std::string text = "id,path,group,slices,label,predicted,voted,p_a<b,p_c_d\n";
  for (std::int64_t i = 0; i < 10; ++i) {
    text += "fold" + std::to_string(fold) + "song" + std::to_string(i) + ",p,,2," +
            (i < right ? "a<b" : "c_d") + ",a<b,a<b,1,0\n";
  }
  return text;
}

// A run of fold `fold` in which `right` of 10 songs are classified well.
fs::path make_run(const fs::path& dir, std::int64_t fold, std::int64_t right, double lr = 1e-3,
                  const std::string& warning = "") {
  config::Experiment experiment;
  experiment.dataset.root = "/data/songs";
  experiment.store.path = "stores/songs";
  experiment.split.kind = config::SplitKind::kFolds;
  experiment.split.fold = fold;
  experiment.run.dir = dir.string();
  experiment.train.lr = lr;
  RunMetrics metrics{.task = "genre",
                     .classes = {"a<b", "c_d"},
                     .n_songs = 10,
                     .n_slices = 20,
                     .n_groups = 10,
                     .split = {"folds", "test", "track", 5, fold, 0, warning},
                     .checkpoint = {"checkpoints/best-0002", 2, 0, "cnn", 1234},
                     .song = metrics::Confusion(2),
                     .vote = metrics::Confusion(2),
                     .slice = metrics::Confusion(2)};
  for (metrics::Confusion* confusion : {&metrics.song, &metrics.vote, &metrics.slice}) {
    confusion->add(0, 0, right);
    confusion->add(1, 0, 10 - right);
  }
  fs::create_directories(dir);
  runtime::write_file(dir / "config.toml", config::resolved(experiment));
  runtime::write_file(dir / "metrics.json", to_json(metrics));
  runtime::write_file(dir / "songs.csv", songs_csv_of(fold, right));
  runtime::write_file(dir / "history.csv",
                      "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,lr\n"
                      "1,2.0,0.2,1.9,0.3,0.001\n2,1.5,0.4,1.4,0.5,0.001\n3,1.2,0.5,1.5,0.4,0.001\n");
  runtime::write_file(dir / "timing.csv", "epoch,seconds\n1,4\n2,2\n3,3\n");
  return dir;
}

TEST(Report, RunsThatDifferInTheFoldAreOneExperiment) {
  const testing_support::TemporaryFolder folder;
  const auto runs = read_runs({make_run(folder.path() / "one", 1, 6), make_run(folder.path() / "two", 2, 8),
                               make_run(folder.path() / "other", 1, 5, 1e-4)});
  const auto groups = group_runs(runs);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].label, "cnn on songs");
  EXPECT_EQ(groups[1].label, "cnn on songs (2)");
  ASSERT_EQ(groups[0].runs.size(), 2u);
  EXPECT_TRUE(groups[0].is_folds());
  EXPECT_EQ(groups[0].pooled().at(0, 0), 14);
  EXPECT_EQ(groups[0].pooled().at(1, 0), 6);

  // Accuracies 0.6 and 0.8: mean 0.7, sample deviation 0.1 * sqrt(2).
  const Table table = comparison_table(comparable(groups).front(), "comparison");
  const auto accuracy = std::get<MeanStd>(table.rows[0][3]);
  EXPECT_NEAR(accuracy.mean, 0.7, 1e-12);
  EXPECT_NEAR(accuracy.std.value(), 0.1414213562373095, 1e-12);
  EXPECT_EQ(accuracy.n, 2);
  EXPECT_NEAR(std::get<Number>(table.rows[0][5]).value, 0.8, 1e-12);
  EXPECT_FALSE(std::get<MeanStd>(table.rows[1][3]).std.has_value());
}

TEST(Report, ARowARunWithItsTraining) {
  const testing_support::TemporaryFolder folder;
  const auto runs = read_runs({make_run(folder.path() / "one", 3, 6)});
  EXPECT_THAT(to_csv(runs_table(runs)),
              HasSubstr("one,cnn,folds 3/5 by track,0,0,10,0.6,0.6,0.375,0.6,3,2,3\n"));
}

TEST(Report, WritesDocumentsTablesAndFigures) {
  const testing_support::TemporaryFolder folder;
  const auto runs = read_runs({make_run(folder.path() / "one", 1, 6), make_run(folder.path() / "two", 2, 8),
                               make_run(folder.path() / "slow", 1, 5, 1e-4)});
  const fs::path out = folder.path() / "report";
  write_report(runs, out);
  for (const char* table : {"comparison", "runs", "per_class-1", "per_class-2"}) {
    for (const char* format : {".md", ".csv", ".tex", ".json"})
      EXPECT_TRUE(fs::exists(out / "tables" / (std::string(table) + format))) << table << format;
  }
  for (const char* figure : {"confusion-1", "confusion_percent-2", "learning_curves-3"}) {
    for (const char* format : {".svg", ".png", ".tsv", ".gp"})
      EXPECT_TRUE(fs::exists(out / "figures" / (std::string(figure) + format))) << figure << format;
  }

  const std::string page = read_file(out / "report.html");
  EXPECT_THAT(page, HasSubstr("0.700 ± 0.141"));
  EXPECT_THAT(page, HasSubstr("pooled over 2 folds"));
  EXPECT_THAT(page, HasSubstr("<td>a&lt;b</td>"));
  EXPECT_THAT(page, Not(HasSubstr("a<b")));
  EXPECT_THAT(page, HasSubstr("chorale train " + runs[0].dir.string() + "/config.toml\n"));
  EXPECT_THAT(page, HasSubstr("train.lr: 0.0001 here, 0.001 there"));
  EXPECT_THAT(page, HasSubstr("</svg>"));
  EXPECT_THAT(page, Not(HasSubstr("src=")));
  EXPECT_THAT(page, Not(HasSubstr("<?xml")));
  const std::string markdown = read_file(out / "report.md");
  EXPECT_THAT(markdown, HasSubstr("0.700 ± 0.141"));
  EXPECT_THAT(markdown, HasSubstr("](figures/confusion-1.svg)"));
  EXPECT_THAT(markdown, HasSubstr("| c\\_d |"));
}

TEST(Report, TheWarningOfASplitIsInEveryTable) {
  const testing_support::TemporaryFolder folder;
  const auto runs = read_runs({make_run(folder.path() / "one", 1, 6, 1e-3, "Warning: artists"),
                               make_run(folder.path() / "clean", 1, 6, 1e-4)});
  write_report(runs, folder.path() / "report");
  for (const char* table : {"comparison", "runs", "per_class-1"}) {
    for (const char* format : {".md", ".csv", ".tex", ".json"}) {
      EXPECT_THAT(read_file(folder.path() / "report/tables" / (std::string(table) + format)),
                  HasSubstr("Warning: artists"))
          << table << format;
    }
  }
  EXPECT_THAT(read_file(folder.path() / "report/tables/per_class-2.md"), Not(HasSubstr("Warning")));
  const auto groups = group_runs(runs);
  EXPECT_THAT(to_csv(comparison_table(comparable(groups).front(), "comparison")),
              HasSubstr("cnn on songs: Warning: artists"));
}

TEST(Report, IsTheSameWhenMadeAgain) {
  const testing_support::TemporaryFolder folder;
  const auto runs = read_runs({make_run(folder.path() / "one", 1, 6)});
  write_report(runs, folder.path() / "report");
  const std::string first = read_file(folder.path() / "report/report.html");
  write_report(runs, folder.path() / "report");
  EXPECT_EQ(read_file(folder.path() / "report/report.html"), first);
}

TEST(Report, NamesEveryRunThatIsNotEvaluated) {
  const testing_support::TemporaryFolder folder;
  const auto good = make_run(folder.path() / "good", 1, 6), bare = make_run(folder.path() / "bare", 2, 6);
  fs::remove(bare / "metrics.json");
  const fs::path absent = folder.path() / "absent";
  try {
    read_runs({good, bare, absent});
    FAIL() << "expected UsageError";
  } catch (const runtime::UsageError& error) {
    EXPECT_THAT(error.what(),
                HasSubstr(bare.string() + ": not evaluated yet; run: chorale eval " + bare.string()));
    EXPECT_THAT(error.what(), HasSubstr(absent.string() + ": not a run folder"));
    EXPECT_THAT(error.what(), Not(HasSubstr(good.string())));
  }
}

TEST(Report, ARunWithoutPredictionsIsRefused) {
  const testing_support::TemporaryFolder folder;
  const auto run = make_run(folder.path() / "run", 1, 6);
  fs::remove(run / "songs.csv");
  EXPECT_THAT([&] { read_runs({run}); }, testing::ThrowsMessage<runtime::UsageError>(
                                             HasSubstr("has no songs.csv with its predictions")));
  runtime::write_file(run / "songs.csv", "id,group,label,predicted\nx,,a<b,jazz\n");
  EXPECT_THAT([&] { read_runs({run}); },
              testing::ThrowsMessage<runtime::UsageError>(HasSubstr("row 1: \"jazz\" is no class")));
  runtime::write_file(run / "songs.csv", "id,group,label,predicted\nx,,a<b,a<b\n");
  EXPECT_THAT([&] { read_runs({run}); }, testing::ThrowsMessage<runtime::UsageError>(
                                             HasSubstr("songs.csv has 1 songs, metrics.json 10")));
}

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

TEST(Report, SaysWhatChangedSinceAnother) {
  const testing_support::TemporaryFolder folder;
  const auto kept = make_run(folder.path() / "kept", 1, 6), old = make_run(folder.path() / "old", 1, 5, 1e-2);
  write_report(read_runs({kept, old}), folder.path() / "before");
  const auto runs =
      read_runs({make_run(folder.path() / "kept", 1, 8), make_run(folder.path() / "new", 1, 7, 1e-5)});
  const auto tables = write_report(runs, folder.path() / "now", read_outcomes(folder.path() / "before"));
  ASSERT_EQ(tables.size(), 2u);
  const auto rows = nlohmann::json::parse(to_json(tables.front()))["rows"];
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_DOUBLE_EQ(rows[0]["song_accuracy_before"], 0.6);
  EXPECT_NEAR(rows[0]["song_accuracy_difference"], 0.2, 1e-12);
  EXPECT_EQ(rows[0]["change"], "the same configuration");
  EXPECT_DOUBLE_EQ(rows[1]["song_accuracy_before"], 0.5) << "the second experiment of this name";
  EXPECT_EQ(rows[1]["change"], "train.lr: 0.00001 here, 0.01 there");

  const auto gone = changes_table(read_outcomes(folder.path() / "before"), {});
  ASSERT_EQ(gone.rows.size(), 2u);
  EXPECT_EQ(std::get<std::string>(gone.rows[0].back()), "gone");
  EXPECT_THAT([&] { read_outcomes(folder.path()); },
              testing::ThrowsMessage<runtime::UsageError>(HasSubstr("no report to compare with")));
  runtime::write_file(folder.path() / "experiments.json", "[{\"label\": 1}]");
  EXPECT_THAT([&] { read_outcomes(folder.path()); },
              testing::ThrowsMessage<runtime::UsageError>(HasSubstr("make that report again")));
}

TEST(Report, KeepsConfigurationsEnvironmentsAndCommands) {
  const testing_support::TemporaryFolder folder;
  const auto run = make_run(folder.path() / "one", 1, 6);
  runtime::write_file(run / "environment.json", "{\"commit\": \"abc\"}\n");
  const fs::path out = folder.path() / "report";
  write_report(read_runs({run}), out);
  EXPECT_EQ(read_file(out / "configurations/one.toml"), read_file(run / "config.toml"));
  EXPECT_EQ(read_file(out / "environments/one.json"), "{\"commit\": \"abc\"}\n");
  EXPECT_THAT(read_file(out / "commands.sh"), HasSubstr("chorale eval " + run.string() + "\n"));
  EXPECT_THAT(read_file(out / "report.html"), HasSubstr("<summary>Environment of one</summary>"));
}

TEST(Comparison, OverFoldsHasATestOverSeedsAnIntervalAlone) {
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
  EXPECT_TRUE(seeds["p"].is_null());
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

TEST(Report, SecondsAnEpochAreOfTheEpochsThatHaveThem) {
  const testing_support::TemporaryFolder folder;
  const auto run = make_run(folder.path() / "one", 1, 6);
  runtime::write_file(run / "timing.csv", "epoch,seconds\n2,5\n3,7\n");
  EXPECT_THAT(to_csv(runs_table(read_runs({run}))), HasSubstr(",3,2,6\n"));
}

TEST(Comparison, MarksFollowTheUsualLevels) {
  EXPECT_EQ(significance_mark(0.0009), "***");
  EXPECT_EQ(significance_mark(0.009), "**");
  EXPECT_EQ(significance_mark(0.049), "*");
  EXPECT_EQ(significance_mark(0.05), "");
}

TEST(Report, ARunGivenTwiceCountsOnce) {
  const testing_support::TemporaryFolder folder;
  const auto dir = make_run(folder.path() / "one", 1, 6);
  EXPECT_EQ(read_runs({dir, dir / ""}).size(), 1u);
}

TEST(Report, RunsOfTheSameNameAreToldApartByTheirFolders) {
  const testing_support::TemporaryFolder folder;
  const auto runs =
      read_runs({make_run(folder.path() / "x/cnn", 1, 6), make_run(folder.path() / "y/cnn", 2, 6)});
  EXPECT_EQ(runs[0].name, (folder.path() / "x/cnn").string());
  EXPECT_EQ(runs[1].name, (folder.path() / "y/cnn").string());
}

TEST(Report, APictureThatWasNotDrawnIsSaidSo) {
  const Document document{"Title", {Picture{"confusion-1", "Caption"}}};
  EXPECT_THAT(to_html(document, "/nonexistent"),
              HasSubstr("Not drawn; data and gnuplot script are figures/confusion-1.tsv"));
}

TEST(Report, ListingsKeepTheirLinesAndCannotCloseTheirFence) {
  const Document document{"Title", {Listing{"A & B", "one\n```\n<two>", Listing::Fold::kFolded}}};
  EXPECT_THAT(to_html(document, "/nonexistent"),
              HasSubstr("<summary>A &amp; B</summary>\n<pre>one\n```\n&lt;two&gt;\n</pre>"));
  EXPECT_THAT(to_markdown(document), HasSubstr("````\none\n```\n<two>\n````"));
}

}  // namespace
}  // namespace chorale::eval
