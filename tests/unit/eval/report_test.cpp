// Reports over runs made of files: config.toml, metrics.json, history.csv.
#include "eval/report/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
  const Table table = comparison_table(groups);
  const auto accuracy = std::get<MeanStd>(table.rows[0][3]);
  EXPECT_NEAR(accuracy.mean, 0.7, 1e-12);
  EXPECT_NEAR(accuracy.std.value(), 0.1414213562373095, 1e-12);
  EXPECT_EQ(accuracy.n, 2);
  EXPECT_NEAR(std::get<Number>(table.rows[0][4]).value, 0.8, 1e-12);
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
  EXPECT_THAT(to_csv(comparison_table(group_runs(runs))), HasSubstr("cnn on songs: Warning: artists"));
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
