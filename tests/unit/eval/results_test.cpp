#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "eval/results/predictions.hpp"
#include "eval/results/result_tables.hpp"
#include "eval/results/run_metrics.hpp"
#include "eval/results/task_metrics.hpp"
#include "eval/results/task_tables.hpp"
#include "pipeline/dataset/csv.hpp"
#include "pipeline/dataset/keys.hpp"

namespace chorale::eval {
namespace {

using config::TaskKind;
using dataset::Label;

// Three songs of two artists. x: two slices right. y: mean says b, vote a (tie, mean of a lower: so b). z:
// wrong.
Predictions three_songs() {
  Predictions predictions{.output = {{"genre", TaskKind::kSingle, {"a", "b,c"}}, 0, 2},
                          .songs = {{"x", "a/x.wav", "one", Label::of_class(0)},
                                    {"y", "b/y \"2\".wav", "one", Label::of_class(1)},
                                    {"z", "b/z.wav", "two", Label::of_class(1)}}};
  predictions.slices = {
      2, {0, 0, 1, 1, 1, 2}, {0.9f, 0.1f, 0.8f, 0.2f, 0.6f, 0.4f, 0.6f, 0.4f, 0.1f, 0.9f, 1, 0}};
  predictions.starts = {0, 1.5, 0, 1.5, 3, 0};
  return predictions;
}

// The same songs, a slice each, with tags: x has both of the first two, y the second, z none; nobody the
// third.
Predictions tagged_songs() {
  Predictions predictions = three_songs();
  predictions.output = {{"tags", TaskKind::kMulti, {"calm", "dark", "loud"}}, 0, 3};
  predictions.thresholds = {0.5, 0.25, 0.5};
  const std::vector<std::vector<std::int32_t>> tags = {{0, 1}, {1}, {}};
  for (std::size_t i = 0; i < 3; ++i) predictions.songs[i].label = Label::of_classes(tags[i]);
  predictions.slices = {3, {0, 1, 2}, {0.9f, 0.75f, 0.1f, 0.6f, 0.25f, 0.2f, 0.1f, 0.5f, 0.3f}};
  predictions.starts = {0, 0, 0};
  return predictions;
}

// Tempos 100, 120 and 90, estimated as 102 (of two slices), 60 and 110.
Predictions timed_songs() {
  Predictions predictions = three_songs();
  predictions.output = {{"tempo", TaskKind::kRegression, {}}, 0, 1};
  const std::vector<float> tempos = {100, 120, 90};
  for (std::size_t i = 0; i < 3; ++i) predictions.songs[i].label = Label::of_value(tempos[i]);
  predictions.slices = {1, {0, 0, 1, 2}, {100, 104, 60, 110}};
  predictions.starts = {0, 1.5, 0, 0};
  return predictions;
}

nlohmann::json section(const Predictions& predictions) {
  return to_json(measure_task(predictions, aggregate(predictions.slices)));
}

RunMetrics measured(const Predictions& predictions) {
  return measure(predictions, measure_task(predictions, aggregate(predictions.slices)));
}

RunMetrics measured() {
  RunMetrics metrics = measured(three_songs());
  metrics.split = {"folds", "test", "artist", 5, 2, 3};
  metrics.checkpoint = {"checkpoints/best-0009", 9, 7, "cnn", 1234};
  return metrics;
}

// By hand: means x -> a, y -> b (0.433 against 0.567), z -> a; votes y -> a.
TEST(RunMetrics, SongsSlicesAndGroupsAreCounted) {
  const RunMetrics metrics = measured();
  EXPECT_EQ(metrics.n_songs, 3);
  EXPECT_EQ(metrics.n_slices, 6);
  EXPECT_EQ(metrics.n_groups, 2);
  EXPECT_DOUBLE_EQ(score(metrics.song).accuracy, 2.0 / 3);
  EXPECT_DOUBLE_EQ(score(metrics.vote).accuracy, 1.0 / 3);
  EXPECT_DOUBLE_EQ(score(metrics.slice).accuracy, 3.0 / 6);
}

TEST(RunMetrics, JsonHasTheNamesOthersRelyOn) {
  const auto json = nlohmann::json::parse(to_json(measured()));
  EXPECT_DOUBLE_EQ(json["song"]["accuracy"], 2.0 / 3);
  EXPECT_DOUBLE_EQ(json["song"]["vote_accuracy"], 1.0 / 3);
  EXPECT_DOUBLE_EQ(json["slice"]["accuracy"], 0.5);
  EXPECT_DOUBLE_EQ(json["song"]["macro_f1"], 2.0 / 3);  // F1 of a: 2/3, of b: 2/3
  EXPECT_TRUE(json["slice"].contains("macro_f1"));
  EXPECT_EQ(json["per_class"]["b,c"],
            (nlohmann::json{{"precision", 1.0}, {"recall", 0.5}, {"f1", 2.0 / 3}, {"support", 2}}));
  EXPECT_EQ(json["confusion"], (nlohmann::json{{1, 0}, {1, 1}}));
  EXPECT_EQ(json["classes"], (nlohmann::json{"a", "b,c"}));
  EXPECT_EQ(json["n_songs"], 3);
  EXPECT_EQ(json["n_slices"], 6);
  EXPECT_EQ(json["n_groups"], 2);
  EXPECT_EQ(json["split"]["fold"], 2);
  EXPECT_EQ(json["checkpoint"]["path"], "checkpoints/best-0009");
}

TEST(RunMetrics, ReadsBackWhatItWrote) {
  const RunMetrics metrics = measured();
  EXPECT_EQ(to_json(metrics_from_json(to_json(metrics), "metrics.json")), to_json(metrics));
}

TEST(RunMetrics, OtherTextIsRefusedWithItsName) {
  for (const std::string text : {"", "{}", "[1]", R"({"task": 3})"}) {
    try {
      metrics_from_json(text, "run/metrics.json");
      FAIL() << "expected MetricsError for " << text;
    } catch (const MetricsError& error) {
      EXPECT_EQ(std::string(error.what()).rfind("run/metrics.json: ", 0), 0u) << error.what();
    }
  }
}

TEST(TaskMetrics, OfClassesAreTheScoresOfTheRun) {
  const auto json = section(three_songs());
  const auto run = nlohmann::json::parse(to_json(measured()));
  EXPECT_EQ(json["kind"], "single");
  for (const char* name : {"confusion", "n_songs", "n_slices", "classes"})
    EXPECT_EQ(json[name], run[name]) << name;
  for (const char* level : {"song", "slice"}) {
    for (const auto& [name, value] : run[level].items()) EXPECT_EQ(json[level][name], value) << name;
  }
  for (const auto& [name, scores] : run["per_class"].items()) {
    for (const auto& [score, value] : scores.items())
      EXPECT_EQ(json["per_class"][name][score], value) << score;
  }
}

// By hand, of the means x (0.85, 0.15) a, y (0.433, 0.567) b, z (1, 0) b: of a's probabilities 0.85 is above
// 0.433 and below 1; confidences 0.85, 0.567 and 1, of which the last is wrong.
TEST(TaskMetrics, OfClassesAreRankedAndCalibrated) {
  const auto json = section(three_songs());
  EXPECT_DOUBLE_EQ(json["song"]["macro_auc"], 0.5);
  EXPECT_EQ(json["song"]["classes_counted"], 2);
  EXPECT_DOUBLE_EQ(json["per_class"]["a"]["auc"], 0.5);
  EXPECT_DOUBLE_EQ(json["song"]["top_1_accuracy"], 2.0 / 3);
  EXPECT_FALSE(json["song"].contains("top_2_accuracy")) << "all of two classes";
  EXPECT_NEAR(json["song"]["expected_calibration_error"], (0.15 + (1 - 0.5666667) + 1) / 3, 1e-6);
  EXPECT_EQ(json["slice"]["top_1_accuracy"], json["slice"]["accuracy"]);
  EXPECT_EQ(json["slice"]["classes_counted"], 2);
  EXPECT_EQ(json["reliability"].size(), 15u);
  EXPECT_EQ(json["reliability"][14]["n"], 1);
  EXPECT_TRUE(json["reliability"][0]["accuracy"].is_null());
}

TEST(TaskMetrics, AClassWithoutSongsHasNoScores) {
  Predictions predictions = three_songs();
  predictions.output.task.classes.push_back("never");
  predictions.output.count = 3;
  predictions.slices = {3, {0, 1, 2}, {1, 0, 0, 0, 1, 0, 0, 0, 1}};
  predictions.starts = {0, 0, 0};
  const auto metrics = measure_task(predictions, aggregate(predictions.slices));
  const auto json = to_json(metrics);
  for (const char* score : {"precision", "recall", "f1", "auc", "average_precision"})
    EXPECT_TRUE(json["per_class"]["never"][score].is_null()) << score;
  EXPECT_EQ(json["per_class"]["never"]["support"], 0);
  const auto tables = task_tables(metrics, measured());
  EXPECT_TRUE(std::holds_alternative<std::monostate>(tables[1].rows[2][1]));
  ASSERT_EQ(tables[1].notes.size(), 1u);
}

// Both songs of artist one are drawn, or none of them.
TEST(RunMetrics, HaveIntervalsOverGroups) {
  const RunMetrics metrics = measured();
  EXPECT_EQ(metrics.intervals.accuracy.low, 0);  // artist two alone
  EXPECT_EQ(metrics.intervals.accuracy.high, 1);
  const auto json = nlohmann::json::parse(to_json(metrics));
  EXPECT_EQ(json["song"]["accuracy_interval"], (nlohmann::json{0.0, 1.0}));
}

// By hand: calm is ranked right; of dark, x is above z and y below it; loud has no song, so it does not
// count.
TEST(TaskMetrics, OfSeveralLabelsAreRankedAndThresholded) {
  const auto json = section(tagged_songs());
  EXPECT_EQ(json["kind"], "multi");
  EXPECT_EQ(json["song"]["classes_counted"], 2);
  EXPECT_DOUBLE_EQ(json["song"]["macro_auc"], (1.0 + 0.5) / 2);
  EXPECT_TRUE(json["per_class"]["loud"]["auc"].is_null());
  EXPECT_EQ(json["per_class"]["dark"]["support"], 2);
  EXPECT_DOUBLE_EQ(json["per_class"]["dark"]["threshold"], 0.25);
  EXPECT_DOUBLE_EQ(json["per_class"]["dark"]["precision"], 2.0 / 3);  // all three are at or above 0.25
  EXPECT_DOUBLE_EQ(json["song"]["hamming_loss"], 2.0 / 9);            // y is no calm song, z no dark one
}

TEST(TaskMetrics, OfValuesAreErrorsAndHits) {
  const auto json = section(timed_songs());
  EXPECT_DOUBLE_EQ(json["song"]["mean_absolute_error"], (2.0 + 60 + 20) / 3);
  EXPECT_DOUBLE_EQ(json["song"]["accuracy1"], 1.0 / 3);
  EXPECT_DOUBLE_EQ(json["song"]["accuracy2"], 2.0 / 3);
  EXPECT_EQ(json["n_slices"], 4);
}

// C major for G major is no fifth above it, D major for G major is one.
TEST(TaskMetrics, OfKeysHaveTheWeightedScore) {
  Predictions predictions = three_songs();
  predictions.output = {{"key", TaskKind::kKey, dataset::key_names()}, 0, 24};
  predictions.slices = {24, {0, 1, 2}, std::vector<float>(3 * 24)};
  const std::vector<std::size_t> estimates = {0, 2, 7};  // C, D and G major
  for (std::size_t i = 0; i < 3; ++i) {
    predictions.songs[i].label = Label::of_class(7);
    predictions.slices.probabilities[i * 24 + estimates[i]] = 1;
  }
  EXPECT_DOUBLE_EQ(section(predictions)["song"]["weighted_score"], (0 + 0.5 + 1) / 3);
}

TEST(RunMetrics, EveryTaskHasASection) {
  const auto tags = tagged_songs();
  const auto text = to_json(measured(), {measure_task(tags, aggregate(tags.slices))});
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["tasks"]["tags"], section(tags));
  EXPECT_EQ(metrics_from_json(text, "metrics.json").classes, measured().classes);
}

TEST(RunMetrics, OfARunWithoutClassesAreReadBack) {
  const std::string text = to_json(measured(timed_songs()));
  EXPECT_FALSE(nlohmann::json::parse(text).contains("song"));
  const RunMetrics metrics = metrics_from_json(text, "run/metrics.json");
  EXPECT_EQ(metrics.task, "tempo");
  EXPECT_TRUE(metrics.classes.empty());
}

TEST(RunMetrics, WhatIsNoneIsRefusedWithItsName) {
  EXPECT_THAT([] { metrics_from_json("{\"task\": 3}", "run/metrics.json"); },
              testing::ThrowsMessage<MetricsError>(testing::AllOf(testing::HasSubstr("run/metrics.json"),
                                                                  testing::HasSubstr("Run chorale eval"))));
}

TEST(Predictions, SeveralLabelsStandInOneField) {
  const auto predictions = tagged_songs();
  const auto slices = dataset::Csv::parse(predictions_csv(predictions), "predictions.csv");
  EXPECT_EQ(slices.at(0, "label"), "calm|dark");
  EXPECT_EQ(slices.at(1, "predicted"), "calm|dark");
  EXPECT_EQ(slices.at(2, "label"), "");
  EXPECT_EQ(std::stof(slices.at(2, "p_loud")), 0.3f);
  const auto songs = dataset::Csv::parse(songs_csv(predictions, aggregate(predictions.slices)), "songs.csv");
  EXPECT_EQ(songs.at(2, "predicted"), "dark");
  EXPECT_FALSE(songs.has("voted"));
}

TEST(Predictions, ValuesHaveNoProbabilities) {
  const auto predictions = timed_songs();
  const auto csv = dataset::Csv::parse(songs_csv(predictions, aggregate(predictions.slices)), "songs.csv");
  EXPECT_EQ(csv.at(0, "label"), "100");
  EXPECT_EQ(csv.at(0, "predicted"), "102");
  EXPECT_FALSE(csv.has("p_"));
}

TEST(Predictions, CsvReadsBackToTheSameFloats) {
  const auto csv = dataset::Csv::parse(predictions_csv(three_songs()), "predictions.csv");
  ASSERT_EQ(csv.rows(), 6u);
  EXPECT_EQ(csv.at(4, "id"), "y");
  EXPECT_EQ(csv.at(4, "path"), "b/y \"2\".wav");
  EXPECT_EQ(csv.at(4, "slice"), "2");
  EXPECT_EQ(csv.at(4, "start"), "3.000");
  EXPECT_EQ(csv.at(4, "label"), "b,c");
  EXPECT_EQ(csv.at(4, "predicted"), "b,c");
  EXPECT_EQ(std::stof(csv.at(4, "p_b,c")), 0.9f);
}

TEST(Predictions, SongsCsvHasARowASong) {
  const auto predictions = three_songs();
  const auto csv = dataset::Csv::parse(songs_csv(predictions, aggregate(predictions.slices)), "songs.csv");
  ASSERT_EQ(csv.rows(), 3u);
  EXPECT_EQ(csv.at(1, "group"), "one");
  EXPECT_EQ(csv.at(1, "slices"), "3");
  EXPECT_EQ(csv.at(1, "predicted"), "b,c");
  EXPECT_EQ(csv.at(1, "voted"), "a");
}

TEST(TaskTables, HaveTheScoresOfTheirKind) {
  const RunMetrics run = measured();
  const auto tags = tagged_songs(), tempos = timed_songs();
  const auto of_tags = task_tables(measure_task(tags, aggregate(tags.slices)), run);
  ASSERT_EQ(of_tags.size(), 2u);
  EXPECT_DOUBLE_EQ(std::get<Number>(of_tags[0].rows.at(0).at(2)).value, 0.75);  // macro AUC
  EXPECT_TRUE(std::holds_alternative<std::monostate>(of_tags[1].rows.at(2).at(1))) << "AUC of loud";
  const auto of_tempos = task_tables(measure_task(tempos, aggregate(tempos.slices)), run);
  ASSERT_EQ(of_tempos.size(), 1u);
  EXPECT_EQ(std::get<std::int64_t>(of_tempos[0].rows.at(1).at(1)), 4);  // slices
}

TEST(ResultTables, SaysHowTheSongsWereKeptApart) {
  EXPECT_EQ(describe(measured()),
            "3 songs in 2 groups (group: artist) and 6 slices; test part, split folds, fold 2 of 5, seed 3.");
}

TEST(ResultTables, ConfusionHasAColumnAClass) {
  const RunMetrics metrics = measured();
  const Table table = confusion_table(metrics.song, metrics.classes, "confusion", "Songs");
  ASSERT_EQ(table.columns.size(), 4u);
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(std::get<std::int64_t>(table.rows[1][1]), 1);
  EXPECT_DOUBLE_EQ(std::get<Number>(table.rows[1][3]).value, 0.5);
}

}  // namespace
}  // namespace chorale::eval
