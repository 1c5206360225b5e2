// Tables over the experiments of a report.
#include "eval/report/report_tables.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "eval/report/comparison.hpp"
#include "eval/report/leak_table.hpp"
#include "eval/report/report.hpp"
#include "eval/report/slice_lengths.hpp"
#include "eval/report/task_scores.hpp"
#include "eval/report/varied.hpp"
#include "eval/tables/formats.hpp"
#include "support/temporary_folder.hpp"
#include "unit/eval/report_runs.hpp"

namespace chorale::eval {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

// Keeps what groups and sets point to.
struct Read {
  explicit Read(const std::vector<fs::path>& dirs, const std::string& baseline = "")
      : runs(read_runs(dirs)), groups(group_runs(runs)) {
    if (!baseline.empty()) put_first(groups, baseline);
    sets = comparable(groups);
  }
  std::vector<Run> runs;
  std::vector<Group> groups;
  std::vector<Comparable> sets;
};

json rows_of(const Table& table) { return json::parse(to_json(table))["rows"]; }

std::vector<std::string> keys_of(const Table& table) {
  std::vector<std::string> keys;
  for (const Column& column : table.columns) keys.push_back(column.key);
  return keys;
}

class ReportTables : public testing::Test {
 protected:
  // `right` of 10 songs are classified well.
  fs::path run(const std::string& name, std::int64_t right, const std::string& model, double seconds,
               std::int64_t seed = 0) const {
    return reconfigure(make_run(folder_.path() / name, 1, right), [&](config::Experiment& experiment) {
      experiment.model = config::Model{.name = model};
      experiment.train.slice_seconds = seconds;
      experiment.train.seed = seed;
    });
  }
  const testing_support::TemporaryFolder folder_;
};

// timing.csv has 4, 2 and 3 s: 3 s an epoch.
TEST_F(ReportTables, SliceLengthsAreGroupsOfColumnsAndModelsRows) {
  const Read read({run("a", 6, "cnn", 3), run("b", 8, "cnn", 3, 1), run("c", 5, "cnn", 1),
                   run("d", 9, "lstm", 1), run("e", 7, "lstm", 0)});
  ASSERT_EQ(read.sets.size(), 1u);
  const Table table = slice_lengths_table(read.sets.front(), "slice_lengths").value();
  EXPECT_THAT(keys_of(table),
              ElementsAre("model", "slice_accuracy_1s", "song_accuracy_1s", "seconds_per_epoch_1s",
                          "slice_accuracy_3s", "song_accuracy_3s", "seconds_per_epoch_3s",
                          "slice_accuracy_whole", "song_accuracy_whole", "seconds_per_epoch_whole"));
  const json rows = rows_of(table);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0]["model"], "cnn");
  EXPECT_DOUBLE_EQ(rows[0]["song_accuracy_1s"]["mean"], 0.5);
  EXPECT_NEAR(rows[0]["song_accuracy_3s"]["mean"], 0.7, 1e-12);
  EXPECT_NEAR(rows[0]["song_accuracy_3s"]["std"], 0.1414213562373095, 1e-12);  // 0.1 * sqrt(2)
  EXPECT_EQ(rows[0]["song_accuracy_3s"]["n"], 2);
  EXPECT_DOUBLE_EQ(rows[0]["seconds_per_epoch_1s"]["mean"], 3);
  EXPECT_TRUE(rows[0]["song_accuracy_whole"].is_null());
  EXPECT_EQ(rows[1]["model"], "lstm");
  EXPECT_DOUBLE_EQ(rows[1]["slice_accuracy_1s"]["mean"], 0.9);
  EXPECT_TRUE(rows[1]["slice_accuracy_3s"].is_null());
  EXPECT_DOUBLE_EQ(rows[1]["song_accuracy_whole"]["mean"], 0.7);
}

TEST_F(ReportTables, OneSliceLengthHasNoSuchTable) {
  const Read read({run("a", 6, "cnn", 3), run("b", 8, "lstm", 3)});
  EXPECT_FALSE(slice_lengths_table(read.sets.front(), "slice_lengths").has_value());
}

TEST_F(ReportTables, SeveralExperimentsOfAModelAndLengthHaveRowsOfTheirOwn) {
  const auto slow = reconfigure(run("slow", 9, "cnn", 1),
                                [](config::Experiment& experiment) { experiment.train.lr = 1e-5; });
  const Read read({run("a", 6, "cnn", 1), run("b", 7, "cnn", 3), slow});
  const json rows = rows_of(slice_lengths_table(read.sets.front(), "slice_lengths").value());
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0]["model"], "cnn (train.lr 0.001)");
  EXPECT_DOUBLE_EQ(rows[0]["song_accuracy_3s"]["mean"], 0.7);
  EXPECT_EQ(rows[1]["model"], "cnn (train.lr 0.00001)");
  EXPECT_TRUE(rows[1]["song_accuracy_3s"].is_null());
}

TEST_F(ReportTables, WhatElseDiffersInARowOfSliceLengthsIsSaid) {
  const auto patient = reconfigure(run("b", 7, "cnn", 3),
                                   [](config::Experiment& experiment) { experiment.train.patience = 9; });
  const Read read({run("a", 6, "cnn", 1), patient});
  const Table table = slice_lengths_table(read.sets.front(), "slice_lengths").value();
  EXPECT_EQ(table.rows.size(), 1u);
  EXPECT_EQ(table.notes.back(), "In one row also differ: train.patience.");
}

// All songs are said to be of the first class, of which 6 and 8 of 10 are: F1 is 2 * 0.6 / 1.6 / 2 and
// 2 * 0.8 / 1.8 / 2, the other class has 0.
TEST_F(ReportTables, RepetitionsHaveMeanLowestAndBestMacroF1) {
  const Read read({run("low", 6, "cnn", 3, 0), run("high", 8, "cnn", 3, 1), run("other", 5, "lstm", 3)});
  const json rows = rows_of(repetitions_table(read.sets.front(), "repetitions").value());
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0]["n_runs"], 2);
  EXPECT_NEAR(rows[0]["song_macro_f1_lowest"], 0.375, 1e-12);
  EXPECT_NEAR(rows[0]["song_macro_f1_best"], 4.0 / 9, 1e-12);
  EXPECT_NEAR(rows[0]["song_macro_f1"]["mean"], (0.375 + 4.0 / 9) / 2, 1e-12);
  EXPECT_EQ(rows[0]["best_run"], "high");
  EXPECT_TRUE(rows[1]["song_macro_f1"]["std"].is_null());
}

TEST_F(ReportTables, WithoutRepetitionsThereIsNoTableOfThem) {
  const Read read({run("a", 6, "cnn", 3), run("b", 8, "lstm", 3)});
  EXPECT_FALSE(repetitions_table(read.sets.front(), "repetitions").has_value());
}

TEST_F(ReportTables, AnAblationShowsWhatItChanges) {
  const auto with = [&](const char* name, double lr, std::int64_t units) {
    return reconfigure(make_run(folder_.path() / name, 1, 6), [&](config::Experiment& experiment) {
      experiment.model = config::Model{.name = "lstm"};
      experiment.train.lr = lr;
      if (units > 0) experiment.model.units = units;
      experiment.store.path = std::string("stores/") + name;
    });
  };
  const Read read({with("base", 1e-3, 0), with("slow", 1e-4, 0), with("wide", 1e-3, 512)});
  const Table table = comparison_table(read.sets.front(), "comparison");
  EXPECT_EQ(table.columns[1].header, "model.units");
  EXPECT_EQ(table.columns[2].header, "train.lr");
  EXPECT_EQ(table.columns[3].key, "n_runs");
  const json rows = rows_of(table);
  EXPECT_EQ(rows[0]["model.units"], "256");
  EXPECT_EQ(rows[0]["train.lr"], "0.001");
  EXPECT_EQ(rows[1]["train.lr"], "0.0001");
  EXPECT_EQ(rows[2]["model.units"], "512");
}

TEST_F(ReportTables, WhereMuchDiffersNoKeyHasAColumn) {
  const auto other = reconfigure(run("b", 6, "lstm", 1), [](config::Experiment& experiment) {
    experiment.train.lr = 0.5;
    experiment.train.epochs = 3;
    experiment.train.patience = 2;
    experiment.train.input = "mfcc";
  });
  const Read read({run("a", 6, "cnn", 3), other});
  EXPECT_EQ(comparison_table(read.sets.front(), "comparison").columns[1].key, "n_runs");
  EXPECT_EQ(varied_keys(read.sets.front().groups).size(), 6u);  // with model.name and train.slice_seconds
}

TEST(ReportValues, AreWrittenForReaders) {
  EXPECT_EQ(text_of(value_cell("\"mel\"")), "mel");
  EXPECT_EQ(text_of(value_cell("[64, 32]")), "[64, 32]");
  EXPECT_EQ(text_of(value_cell(std::nullopt)), "–");
}

// Seven right of ten against five, on the same songs.
TEST_F(ReportTables, DifferencesAreToTheBaseline) {
  const auto first = make_run(folder_.path() / "first", 1, 5),
             second = make_run(folder_.path() / "second", 1, 5, 1e-4);
  std::string better = runtime::read_file(second / "songs.csv");
  for (int i = 0; i < 2; ++i) better.replace(better.find("c_d,a<b,a<b"), 7, "c_d,c_d");
  runtime::write_file(second / "songs.csv", better);
  for (const auto& name :
       {std::string("cnn on songs (train.lr 0.0001)"), std::string("second"), (second / "").string()}) {
    const Read read({first, second}, name);
    const json rows = rows_of(comparison_table(read.sets.front(), "comparison"));
    EXPECT_EQ(rows[0]["experiment"], "cnn on songs (train.lr 0.0001)");
    EXPECT_TRUE(rows[0]["difference"].is_null());
    EXPECT_EQ(rows[1]["experiment"], "cnn on songs");
    EXPECT_NEAR(rows[1]["difference"], -0.2, 1e-12) << name;
  }
}

TEST_F(ReportTables, ABaselineThatIsNotThereIsRefusedWithTheNearest) {
  const auto dir = run("steady", 6, "cnn", 3);
  EXPECT_THAT([&] { Read({dir}, "stedy"); },
              testing::ThrowsMessage<runtime::UsageError>(
                  testing::AllOf(HasSubstr("--baseline stedy"), HasSubstr("did you mean steady?"),
                                 HasSubstr("There are: cnn on songs, steady"))));
}

// By slice, by track and by group, else alike; an experiment that differs in more is left out.
TEST_F(ReportTables, ALeakIsShownBesideTheHonestSplit) {
  const auto dealt = [&](const std::string& name, std::int64_t right, config::SplitBy by,
                         double seconds = 3) {
    return reconfigure(run(name, right, "cnn", seconds),
                       [&](config::Experiment& experiment) { experiment.split.by = by; });
  };
  using enum config::SplitBy;
  const Read read(
      {dealt("a", 9, kSlice), dealt("b", 7, kTrack), dealt("c", 5, kGroup), dealt("d", 4, kGroup, 1)});
  const json rows = rows_of(leak_table(read.groups).value());
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_THAT(rows[0]["dealt_out"].get<std::string>(), testing::StartsWith("slices"));
  EXPECT_THAT(rows[1]["dealt_out"].get<std::string>(), testing::StartsWith("tracks"));
  EXPECT_THAT(rows[2]["dealt_out"].get<std::string>(), testing::StartsWith("groups"));
  EXPECT_NEAR(rows[1]["song_accuracy"]["mean"], 0.7, 1e-12);
  EXPECT_LT(rows[1]["song_accuracy_interval"]["low"], 0.7);
  EXPECT_GT(rows[1]["song_accuracy_interval"]["high"], 0.7);
  EXPECT_FALSE(leak_table({read.groups.front()}));
}

// Two runs of one experiment with embeddings, one without; another experiment without any.
TEST_F(ReportTables, RetrievalIsOfRunsWithEmbeddings) {
  const auto first = run("a", 6, "cnn", 3), second = run("b", 6, "cnn", 3, 1);
  const auto add = [](const fs::path& dir, double precision) {
    json scores = {{"queries", 10},
                   {"precision_at_1", precision},
                   {"precision_at_5", 0.5},
                   {"precision_at_10", nullptr},
                   {"mean_average_precision", 0.4},
                   {"chance", 0.1}};
    auto metrics = nlohmann::ordered_json::parse(runtime::read_file(dir / "metrics.json"));
    metrics["embedding"] = {{"songs", 10}, {"width", 64}, {"same_class", scores}, {"same_artist", scores}};
    metrics["embedding"]["same_class_other_artist"] = scores;
    metrics["embedding"]["same_class_other_artist"]["precision_at_1"] = nullptr;
    runtime::write_file(dir / "metrics.json", metrics.dump());
  };
  EXPECT_FALSE(retrieval_table(Read({first, second}).sets.front(), "retrieval"));
  add(first, 0.8);
  add(second, 0.6);
  const Read read({first, second, run("c", 6, "cnn", 3, 2), run("d", 6, "lstm", 3)});
  const json rows = rows_of(retrieval_table(read.sets.front(), "retrieval").value());
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0]["n_runs"], 2);
  EXPECT_NEAR(rows[0]["precision_at_1"]["mean"], 0.7, 1e-12);
  EXPECT_TRUE(rows[0]["precision_at_1_other_artist"].is_null());
  EXPECT_NEAR(rows[0]["mean_average_precision_other_artist"]["mean"], 0.4, 1e-12);
  EXPECT_NEAR(rows[0]["artist_precision_at_1"]["mean"], 0.7, 1e-12);
}

// A run of two tasks, and one whose only task has no classes that exclude each other.
TEST_F(ReportTables, EveryTaskHasItsScores) {
  const auto first = run("a", 6, "cnn", 3), second = run("b", 6, "cnn", 3, 1), other = run("c", 6, "lstm", 3);
  const auto add = [](const fs::path& dir, double error, bool alone = false) {
    auto metrics = nlohmann::ordered_json::parse(runtime::read_file(dir / "metrics.json"));
    if (!alone)
      metrics["tasks"]["genre"] = {{"kind", "single"},
                                   {"song", {{"accuracy", 0.6}, {"top_3_accuracy", 1.0}}}};
    metrics["tasks"]["te/mpo"] = {{"kind", "regression"},
                                  {"song", {{"mean_absolute_error", error}, {"accuracy1", nullptr}}}};
    if (alone) {
      metrics["task"] = "te/mpo";
      metrics["classes"] = json::array();
    }
    runtime::write_file(dir / "metrics.json", metrics.dump());
  };
  add(first, 4);
  add(second, 6);
  add(other, 7, true);
  const Read read({first, second, other});
  ASSERT_EQ(read.sets.size(), 2u);
  const auto tables = scores_tables(read.sets[0], "");
  ASSERT_EQ(tables.size(), 2u);
  EXPECT_EQ(tables[0].name, "scores_genre");
  EXPECT_EQ(tables[1].name, "scores_te_mpo");
  EXPECT_EQ(rows_of(tables[0])[0]["top_3_accuracy"]["mean"], 1.0);
  EXPECT_TRUE(rows_of(tables[0])[0]["macro_auc"].is_null());
  EXPECT_EQ(rows_of(tables[1])[0]["mean_absolute_error"]["mean"], 5.0);
  EXPECT_TRUE(rows_of(tables[1])[0]["accuracy1"].is_null());

  const auto written = write_report(read.runs, folder_.path() / "report", {});
  std::vector<std::string> names;
  for (const Table& table : written) names.push_back(table.name);
  EXPECT_THAT(names,
              ElementsAre("comparison", "repetitions", "scores_genre", "scores_te_mpo", "scores_te_mpo-2"));
  EXPECT_TRUE(json::parse(runtime::read_file(folder_.path() / "report/experiments.json"))[1]["song_accuracy"]
                  .is_null());
}

}  // namespace
}  // namespace chorale::eval
