#include "eval/results/task_metrics.hpp"

#include "eval/results/metrics_json.hpp"
#include "pipeline/config/config.hpp"

namespace chorale::eval {
namespace {

using Json = nlohmann::ordered_json;
using config::TaskKind;

constexpr std::int64_t kKeys = 24;

Json optional_json(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

TaskMetrics::Classes measure_classes(const Predictions& predictions, const std::vector<Song>& songs,
                                     const metrics::Examples& song, const metrics::Examples& slice) {
  metrics::Confusion vote(song.width);
  for (const Song& one : songs) {
    const auto truth = models::class_of(predictions.output, predictions.songs[one.song].label);
    vote.add(static_cast<std::size_t>(truth), static_cast<std::size_t>(one.voted));
  }
  TaskMetrics::Classes classes{metrics::confusion_of(song), vote, metrics::confusion_of(slice)};
  if (predictions.output.task.kind == TaskKind::kKey && predictions.output.count == kKeys)
    classes.song_key_score = metrics::key_score_of(song);
  return classes;
}

Json level_json(const metrics::MultiLabelScores& scores) {
  return {{"macro_auc", optional_json(scores.macro_auc)},
          {"macro_average_precision", optional_json(scores.macro_average_precision)},
          {"macro_f1", optional_json(scores.macro_f1)},
          {"micro_f1", scores.micro_f1},
          {"hamming_loss", scores.hamming_loss},
          {"subset_accuracy", scores.subset_accuracy},
          {"classes_counted", scores.counted}};
}

Json level_json(const metrics::TempoScores& scores) {
  return {{"mean_absolute_error", scores.mean_absolute_error},
          {"accuracy1", scores.accuracy1},
          {"accuracy2", scores.accuracy2}};
}

Json per_class_json(const TaskMetrics::Labels& labels, const std::vector<std::string>& names) {
  Json json = Json::object();
  for (std::size_t c = 0; c < names.size(); ++c) {
    const metrics::ClassRanking& one = labels.song.per_class[c];
    json[names[c]] = {
        {"auc", optional_json(one.roc_auc)}, {"average_precision", optional_json(one.average_precision)},
        {"threshold", labels.thresholds[c]}, {"precision", one.decisions.precision()},
        {"recall", one.decisions.recall()},  {"f1", one.decisions.f1()},
        {"support", one.positives}};
  }
  return json;
}

}  // namespace

TaskMetrics measure_task(const Predictions& predictions, const std::vector<Song>& songs) {
  const metrics::Examples song = song_examples(predictions, songs), slice = slice_examples(predictions);
  TaskMetrics metrics{.output = predictions.output,
                      .n_songs = static_cast<std::int64_t>(song.size()),
                      .n_slices = static_cast<std::int64_t>(slice.size())};
  switch (predictions.output.task.kind) {
    case TaskKind::kSingle:
    case TaskKind::kKey:
      metrics.classes = measure_classes(predictions, songs, song, slice);
      break;
    case TaskKind::kMulti:
      metrics.labels = TaskMetrics::Labels{
          predictions.thresholds, metrics::score(metrics::multi_label_of(song), predictions.thresholds),
          metrics::score(metrics::multi_label_of(slice), predictions.thresholds)};
      break;
    case TaskKind::kRegression:
      if (const auto of_songs = metrics::tempo_of(song))
        metrics.values = TaskMetrics::Values{*of_songs, metrics::tempo_of(slice).value()};
      break;
  }
  return metrics;
}

Json to_json(const TaskMetrics& metrics) {
  const dataset::Task& task = metrics.output.task;
  Json json = {
      {"kind", config::name_of(task.kind)}, {"n_songs", metrics.n_songs}, {"n_slices", metrics.n_slices}};
  if (metrics.classes) {
    const auto& [song, vote, slice, key_score] = *metrics.classes;
    json.update(scores_json(song, vote, slice, task.classes));
    if (key_score) json["song"]["weighted_score"] = *key_score;
    json["confusion"] = confusion_json(song);
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
