#include "eval/results/task_metrics.hpp"

#include <algorithm>

#include "eval/results/metrics_json.hpp"
#include "pipeline/config/config.hpp"

namespace chorale::eval {
namespace {

using Json = nlohmann::ordered_json;
using config::TaskKind;

constexpr std::int64_t kKeys = 24;
constexpr std::size_t kTop = 5, kMostRanked = 1'000'000;

std::vector<Judged> judged(const Predictions& predictions, const std::vector<Song>& songs) {
  std::vector<Judged> result;
  for (const Song& song : songs) {
    const SongInfo& info = predictions.songs[song.song];
    result.push_back({static_cast<std::int32_t>(models::class_of(predictions.output, info.label)),
                      song.predicted, info.group});
  }
  return result;
}

TaskMetrics::Ranking rank(const Predictions& predictions, const metrics::Examples& examples) {
  TaskMetrics::Ranking ranking;
  ranking.against_rest =
      metrics::score(metrics::one_against_rest(examples), std::vector<double>(examples.width, 0.5));
  ranking.calibration = calibrate(examples);
  for (std::size_t k = 1; k <= std::min(kTop, examples.width - 1); ++k)
    ranking.top_k.push_back(top_k_accuracy(examples, k));
  if (predictions.output.task.kind == TaskKind::kKey && predictions.output.count == kKeys)
    ranking.key_score = metrics::key_score_of(examples);
  return ranking;
}

TaskMetrics::Classes measure_classes(const Predictions& predictions, const std::vector<Song>& songs,
                                     const metrics::Examples& song) {
  metrics::Confusion vote(song.width);
  for (const Song& one : songs) {
    const auto truth = models::class_of(predictions.output, predictions.songs[one.song].label);
    vote.add(static_cast<std::size_t>(truth), static_cast<std::size_t>(one.voted));
  }
  TaskMetrics::Classes classes{metrics::confusion_of(song), vote, count_slices(predictions)};
  if (!songs.empty()) classes.intervals = bootstrap(judged(predictions, songs), song.width);
  classes.songs = rank(predictions, song);
  if (predictions.slices.size() <= kMostRanked)
    classes.slices = rank(predictions, slice_examples(predictions));
  return classes;
}

Json level_json(const metrics::MultiLabelScores& scores) {
  return {{"macro_auc", optional_json(scores.macro_auc)},
          {"macro_average_precision", optional_json(scores.macro_average_precision)},
          {"macro_f1", optional_json(scores.macro_f1)},
          {"micro_f1", scores.micro_f1},
          {"weighted_f1", scores.weighted_f1},
          {"hamming_loss", scores.hamming_loss},
          {"subset_accuracy", scores.subset_accuracy},
          {"classes_counted", scores.counted}};
}

Json level_json(const metrics::TempoScores& scores) {
  return {{"mean_absolute_error", scores.mean_absolute_error},
          {"accuracy1", scores.accuracy1},
          {"accuracy2", scores.accuracy2}};
}

Json reliability_json(const Calibration& calibration) {
  Json bins = Json::array();
  for (const ReliabilityBin& bin : calibration.bins) {
    bins.push_back({{"low", bin.low}, {"high", bin.high}, {"n", bin.n}});
    bins.back()["confidence"] = bin.n > 0 ? Json(bin.confidence) : Json();
    bins.back()["accuracy"] = bin.n > 0 ? Json(bin.accuracy) : Json();
  }
  return bins;
}

void add_ranking(Json& level, const TaskMetrics::Ranking& ranking) {
  for (std::size_t k = 1; k <= ranking.top_k.size(); ++k)
    level["top_" + std::to_string(k) + "_accuracy"] = ranking.top_k[k - 1];
  level["macro_auc"] = optional_json(ranking.against_rest.macro_auc);
  level["macro_average_precision"] = optional_json(ranking.against_rest.macro_average_precision);
  level["classes_counted"] = ranking.against_rest.counted;
  level["expected_calibration_error"] = ranking.calibration.expected_error;
  if (ranking.key_score) level["weighted_score"] = *ranking.key_score;
}

// Adds what only the section of a task has.
void add_classes(Json& json, const TaskMetrics::Classes& classes, const std::vector<std::string>& names) {
  add_ranking(json["song"], classes.songs);
  if (classes.slices) add_ranking(json["slice"], *classes.slices);
  for (std::size_t c = 0; c < names.size(); ++c) {
    const metrics::ClassRanking& one = classes.songs.against_rest.per_class[c];
    json["per_class"][names[c]]["auc"] = optional_json(one.roc_auc);
    json["per_class"][names[c]]["average_precision"] = optional_json(one.average_precision);
  }
  json["reliability"] = reliability_json(classes.songs.calibration);
  json["confusion"] = confusion_json(classes.song);
}

Json per_class_json(const TaskMetrics::Labels& labels, const std::vector<std::string>& names) {
  Json json = Json::object();
  for (std::size_t c = 0; c < names.size(); ++c) {
    const metrics::ClassRanking& one = labels.song.per_class[c];
    const auto defined = [&](double value) { return one.positives > 0 ? Json(value) : Json(); };
    json[names[c]] = {{"auc", optional_json(one.roc_auc)},
                      {"average_precision", optional_json(one.average_precision)},
                      {"threshold", labels.thresholds[c]},
                      {"precision", defined(one.decisions.precision())},
                      {"recall", defined(one.decisions.recall())},
                      {"f1", defined(one.decisions.f1())},
                      {"support", one.positives}};
  }
  return json;
}

}  // namespace

TaskMetrics measure_task(const Predictions& predictions, const std::vector<Song>& songs) {
  const metrics::Examples song = song_examples(predictions, songs);
  TaskMetrics metrics{.output = predictions.output,
                      .n_songs = static_cast<std::int64_t>(song.size()),
                      .n_slices = static_cast<std::int64_t>(predictions.slices.size())};
  switch (predictions.output.task.kind) {
    case TaskKind::kSingle:
    case TaskKind::kKey:
      metrics.classes = measure_classes(predictions, songs, song);
      break;
    case TaskKind::kMulti: {
      const auto scores = [&](const metrics::Examples& examples) {
        return metrics::score(metrics::multi_label_of(examples), predictions.thresholds);
      };
      metrics.labels =
          TaskMetrics::Labels{predictions.thresholds, scores(song), scores(slice_examples(predictions))};
      break;
    }
    case TaskKind::kRegression:
      if (const auto of_songs = metrics::tempo_of(song))
        metrics.values =
            TaskMetrics::Values{*of_songs, metrics::tempo_of(slice_examples(predictions)).value()};
      break;
  }
  return metrics;
}

Json to_json(const TaskMetrics& metrics) {
  const dataset::Task& task = metrics.output.task;
  Json json = {
      {"kind", config::name_of(task.kind)}, {"n_songs", metrics.n_songs}, {"n_slices", metrics.n_slices}};
  if (metrics.classes) {
    const TaskMetrics::Classes& classes = *metrics.classes;
    json.update(scores_json(classes.song, classes.vote, classes.slice, classes.intervals, task.classes));
    add_classes(json, classes, task.classes);
  } else if (metrics.labels) {
    json["song"] = level_json(metrics.labels->song);
    json["slice"] = level_json(metrics.labels->slice);
    json["per_class"] = per_class_json(*metrics.labels, task.classes);
  } else if (metrics.values) {
    json["song"] = level_json(metrics.values->song);
    json["slice"] = level_json(metrics.values->slice);
  }
  if (!task.classes.empty()) json["classes"] = task.classes;
  return json;
}

}  // namespace chorale::eval
