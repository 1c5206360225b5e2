#include "eval/results/run_metrics.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "eval/results/metrics_json.hpp"

namespace chorale::eval {
namespace {

using Json = nlohmann::ordered_json;

metrics::Confusion confusion_from(const Json& rows, std::size_t classes) {
  metrics::Confusion confusion(classes);
  if (rows.size() != classes) throw std::out_of_range("a confusion matrix of another size than `classes`");
  for (std::size_t truth = 0; truth < classes; ++truth) {
    for (std::size_t predicted = 0; predicted < classes; ++predicted)
      confusion.add(truth, predicted, rows.at(truth).at(predicted).get<std::int64_t>());
  }
  return confusion;
}

Interval interval_from(const Json& json) { return {json.at(0), json.at(1)}; }

}  // namespace

std::string part_text(const SplitInfo& split) {
  return split.store.empty() ? split.part + " part" : split.part;
}

RunMetrics measure(const Predictions& predictions, const TaskMetrics& task) {
  RunMetrics metrics{
      .task = task.output.task.name, .classes = {}, .n_songs = task.n_songs, .n_slices = task.n_slices};
  std::set<std::string> groups;
  for (const SongInfo& song : predictions.songs) groups.insert(song.group);
  metrics.n_groups = static_cast<std::int64_t>(groups.size());
  if (task.classes) {
    metrics.classes = task.output.task.classes;
    metrics.song = task.classes->song;
    metrics.vote = task.classes->vote;
    metrics.slice = task.classes->slice;
    metrics.intervals = task.classes->intervals;
  }
  return metrics;
}

std::string to_json(const RunMetrics& metrics, const std::vector<TaskMetrics>& tasks) {
  Json json = Json::object();
  if (!metrics.classes.empty())
    json = scores_json(metrics.song, metrics.vote, metrics.slice, metrics.intervals, metrics.classes);
  json.update({{"n_songs", metrics.n_songs},
               {"n_slices", metrics.n_slices},
               {"n_groups", metrics.n_groups},
               {"task", metrics.task},
               {"classes", metrics.classes},
               {"split",
                {{"kind", metrics.split.kind},
                 {"part", metrics.split.part},
                 {"group", metrics.split.group},
                 {"folds", metrics.split.folds},
                 {"fold", metrics.split.fold},
                 {"seed", metrics.split.seed},
                 {"warning", metrics.split.warning},
                 {"store", metrics.split.store},
                 {"left_out", metrics.split.left_out}}},
               {"checkpoint",
                {{"path", metrics.checkpoint.path},
                 {"epoch", metrics.checkpoint.epoch},
                 {"seed", metrics.checkpoint.seed},
                 {"model", metrics.checkpoint.model},
                 {"parameters", metrics.checkpoint.parameters}}}});
  if (!metrics.command.empty()) json["command"] = metrics.command;
  if (!metrics.overrides.empty()) json["overrides"] = metrics.overrides;
  if (!metrics.classes.empty()) {
    json["confusion"] = confusion_json(metrics.song);
    json["confusion_vote"] = confusion_json(metrics.vote);
    json["confusion_slice"] = confusion_json(metrics.slice);
  }
  if (metrics.embedding) json["embedding"] = to_json(*metrics.embedding, metrics.classes);
  for (const TaskMetrics& task : tasks) json["tasks"][task.output.task.name] = to_json(task);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

RunMetrics metrics_from_json(const std::string& text, const std::string& origin) {
  try {
    const Json json = Json::parse(text);
    RunMetrics metrics;
    metrics.task = json.at("task");
    json.at("classes").get_to(metrics.classes);
    metrics.n_songs = json.at("n_songs");
    metrics.n_slices = json.at("n_slices");
    metrics.n_groups = json.at("n_groups");
    const Json &split = json.at("split"), &checkpoint = json.at("checkpoint");
    metrics.split = {.kind = split.at("kind"),
                     .part = split.at("part"),
                     .group = split.at("group"),
                     .folds = split.at("folds"),
                     .fold = split.at("fold"),
                     .seed = split.at("seed"),
                     .warning = split.value("warning", ""),
                     .store = split.value("store", ""),
                     .left_out = split.value("left_out", "")};
    metrics.command = json.value("command", "");
    metrics.overrides = json.value("overrides", "");
    metrics.checkpoint = {checkpoint.at("path"), checkpoint.at("epoch"), checkpoint.at("seed"),
                          checkpoint.at("model"), checkpoint.at("parameters")};
    if (json.contains("embedding")) metrics.embedding = embedding_from_json(json.at("embedding"));
    if (metrics.classes.empty()) return metrics;
    metrics.song = confusion_from(json.at("confusion"), metrics.classes.size());
    metrics.vote = confusion_from(json.at("confusion_vote"), metrics.classes.size());
    metrics.slice = confusion_from(json.at("confusion_slice"), metrics.classes.size());
    const Json& song = json.at("song");
    metrics.intervals = {interval_from(song.at("accuracy_interval")),
                         interval_from(song.at("balanced_accuracy_interval")),
                         interval_from(song.at("macro_f1_interval"))};
    return metrics;
  } catch (const std::exception& error) {
    throw MetricsError(fmt::format("{}: not the metrics of a run: {}. Run chorale eval on the run again.",
                                   origin, error.what()));
  }
}

}  // namespace chorale::eval
