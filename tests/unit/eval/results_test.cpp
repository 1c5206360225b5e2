#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "eval/results/predictions.hpp"
#include "eval/results/result_tables.hpp"
#include "eval/results/run_metrics.hpp"
#include "pipeline/dataset/csv.hpp"

namespace chorale::eval {
namespace {

// Three songs of two artists. x: two slices right. y: mean says b, vote a (tie, mean of a lower: so b). z:
// wrong.
Predictions three_songs() {
  Predictions predictions{
      .classes = {"a", "b,c"},
      .songs = {{"x", "a/x.wav", "one", 0}, {"y", "b/y \"2\".wav", "one", 1}, {"z", "b/z.wav", "two", 1}}};
  predictions.slices = {
      2, {0, 0, 1, 1, 1, 2}, {0.9f, 0.1f, 0.8f, 0.2f, 0.6f, 0.4f, 0.6f, 0.4f, 0.1f, 0.9f, 1, 0}};
  predictions.starts = {0, 1.5, 0, 1.5, 3, 0};
  return predictions;
}

RunMetrics measured() {
  const auto predictions = three_songs();
  RunMetrics metrics = measure(predictions, aggregate(predictions.slices));
  metrics.task = "genre";
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
