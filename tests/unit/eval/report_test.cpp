// Reports over runs made of files: config.toml, metrics.json, history.csv.
#include "eval/report/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "eval/report/comparison.hpp"
#include "eval/report/document.hpp"
#include "eval/report/history_of_results.hpp"
#include "eval/report/report_tables.hpp"
#include "eval/tables/formats.hpp"
#include "pipeline/config/config.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "support/temporary_folder.hpp"
#include "unit/eval/report_runs.hpp"

namespace chorale::eval {
namespace {

namespace fs = std::filesystem;
using runtime::read_file;
using testing::HasSubstr;
using testing::Not;

TEST(Report, RunsThatDifferInTheFoldAreOneExperiment) {
  const testing_support::TemporaryFolder folder;
  const auto runs = read_runs({make_run(folder.path() / "one", 1, 6), make_run(folder.path() / "two", 2, 8),
                               make_run(folder.path() / "other", 1, 5, 1e-4)});
  const auto groups = group_runs(runs);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].label, "cnn on songs");
  EXPECT_EQ(groups[1].label, "cnn on songs (train.lr 0.0001)");
  ASSERT_EQ(groups[0].runs.size(), 2u);
  EXPECT_TRUE(groups[0].is_folds());
  EXPECT_EQ(groups[0].pooled().at(0, 0), 14);
  EXPECT_EQ(groups[0].pooled().at(1, 0), 6);

  // Accuracies 0.6 and 0.8: mean 0.7, sample deviation 0.1 * sqrt(2).
  const Table table = comparison_table(comparable(groups).front(), "comparison");
  const auto accuracy = std::get<MeanStd>(table.rows[0][4]);
  EXPECT_NEAR(accuracy.mean, 0.7, 1e-12);
  EXPECT_NEAR(accuracy.std.value(), 0.1414213562373095, 1e-12);
  EXPECT_EQ(accuracy.n, 2);
  EXPECT_NEAR(std::get<Number>(table.rows[0][6]).value, 0.8, 1e-12);
  EXPECT_FALSE(std::get<MeanStd>(table.rows[1][4]).std.has_value());
}

TEST(Report, ARowARunWithItsTraining) {
  const testing_support::TemporaryFolder folder;
  const auto runs = read_runs({make_run(folder.path() / "one", 3, 6)});
  EXPECT_THAT(to_csv(runs_table(runs)),
              HasSubstr("one,cnn,folds 3/5 by track,0,0,10,0.6,0.6,0.375,0.6,3,2,3\n"));
}

TEST(Report, TakesOverTheFiguresThatExplainARun) {
  const testing_support::TemporaryFolder folder;
  const fs::path dir = make_run(folder.path() / "one", 1, 6), out = folder.path() / "report";
  const fs::path drawn = dir / "figures/explain";
  fs::create_directories(drawn);
  for (const char* name : {"mean_spectrogram", "explain_a_b"}) {
    runtime::write_file(drawn / (std::string(name) + ".tsv"), "# data\n");
    runtime::write_file(drawn / (std::string(name) + ".gp"), "plot '" + std::string(name) + ".tsv'\n");
    runtime::write_file(drawn / (std::string(name) + ".svg"),
                        "<svg><desc>" + std::string(name) + "</desc></svg>");
  }
  write_report(read_runs({dir}), out);
  EXPECT_THAT(read_file(out / "report.md"), HasSubstr("(figures/explain_a_b-1.svg)"));
  EXPECT_THAT(read_file(out / "report.html"), HasSubstr("<desc>mean_spectrogram</desc>"));
  EXPECT_EQ(read_file(out / "figures/explain_a_b-1.tsv"), "# data\n");
  EXPECT_EQ(read_file(out / "figures/explain_a_b-1.gp"), "plot 'explain_a_b-1.tsv'\n");

  fs::remove_all(drawn);
  write_report(read_runs({dir}), out);
  EXPECT_FALSE(fs::exists(out / "figures/explain_a_b-1.svg"));
  EXPECT_THAT(read_file(out / "report.md"), Not(HasSubstr("What the models go by")));
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
  for (const char* figure : {"confusion-1", "confusion_percent-2", "class_bars-1", "learning_curves-3"}) {
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

TEST(Report, SaysWhatChangedSinceAnother) {
  const testing_support::TemporaryFolder folder;
  const auto report = [&](const std::vector<fs::path>& runs, const char* name) {
    write_report(read_runs(runs), folder.path() / name);
    return read_outcomes(folder.path() / name);
  };
  const auto before =
      report({make_run(folder.path() / "kept", 1, 6), make_run(folder.path() / "old", 1, 5, 1e-2)}, "before");
  const auto runs =
      read_runs({make_run(folder.path() / "new", 1, 7, 1e-5), make_run(folder.path() / "kept", 1, 8)});
  const auto tables = write_report(runs, folder.path() / "now", {.against = folder.path() / "before"});
  ASSERT_EQ(tables.size(), 2u);
  const auto rows = nlohmann::json::parse(to_json(tables.front()))["rows"];
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0]["change"], "new") << "its name is that of an experiment which goes on under another";
  EXPECT_DOUBLE_EQ(rows[1]["song_accuracy_before"], 0.6);
  EXPECT_NEAR(rows[1]["song_accuracy_difference"], 0.2, 1e-12);
  EXPECT_EQ(rows[1]["change"], "the same configuration");
  EXPECT_EQ(rows[2]["experiment"], "cnn on songs (train.lr 0.01)");
  EXPECT_EQ(rows[2]["change"], "gone");

  const auto changed =
      changes_table(before, report({make_run(folder.path() / "kept", 1, 9, 1e-4)}, "changed"));
  EXPECT_EQ(std::get<std::string>(changed.rows.at(0).back()), "train.lr: 0.0001 here, 0.001 there");
}

TEST(Report, RefusesToCompareWithWhatIsNoReport) {
  const testing_support::TemporaryFolder folder;
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

TEST(Report, SecondsAnEpochAreOfTheEpochsThatHaveThem) {
  const testing_support::TemporaryFolder folder;
  const auto run = make_run(folder.path() / "one", 1, 6);
  runtime::write_file(run / "timing.csv", "epoch,seconds\n2,5\n3,7\n");
  EXPECT_THAT(to_csv(runs_table(read_runs({run}))), HasSubstr(",3,2,6\n"));
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

TEST(Report, APageOfManySectionsHasContents) {
  Document document{"Title", {Heading{"One"}, Heading{"a & b"}, Heading{"Three"}, Heading{"Four"}}};
  EXPECT_THAT(to_html(document, "/nonexistent"), Not(HasSubstr("<nav")));
  document.blocks.push_back(Heading{"Five"});
  const std::string page = to_html(document, "/nonexistent");
  EXPECT_THAT(page, HasSubstr("<li><a href=\"#section-2\">a &amp; b</a></li>"));
  EXPECT_THAT(page, HasSubstr("<h2 id=\"section-2\">a &amp; b</h2>"));
}

TEST(Report, ListingsKeepTheirLinesAndCannotCloseTheirFence) {
  const Document document{"Title", {Listing{"A & B", "one\n```\n<two>", Listing::Fold::kFolded}}};
  EXPECT_THAT(to_html(document, "/nonexistent"),
              HasSubstr("<summary>A &amp; B</summary>\n<pre>one\n```\n&lt;two&gt;\n</pre>"));
  EXPECT_THAT(to_markdown(document), HasSubstr("````\none\n```\n<two>\n````"));
}

}  // namespace
}  // namespace chorale::eval
