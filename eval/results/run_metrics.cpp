#include "eval/results/run_metrics.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

namespace chorale::eval {
namespace {

using Json = nlohmann::ordered_json;

Json scores_json(const metrics::Scores& scores) {
  return {{"accuracy", scores.accuracy},
          {"balanced_accuracy", scores.balanced_accuracy},
          {"macro_precision", scores.macro_precision},
          {"macro_recall", scores.macro_recall},
          {"macro_f1", scores.macro_f1},
          {"weighted_f1", scores.weighted_f1}};
}

Json per_class_json(const metrics::Scores& scores, const std::vector<std::string>& classes) {
  Json json = Json::object();
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const metrics::ClassScore& one = scores.per_class[c];
    json[classes[c]] = {
        {"precision", one.precision}, {"recall", one.recall}, {"f1", one.f1}, {"support", one.support}};
  }
  return json;
}

Json confusion_json(const metrics::Confusion& confusion) {
  Json rows = Json::array();
  for (std::size_t truth = 0; truth < confusion.classes(); ++truth) {
    Json row = Json::array();
    for (std::size_t predicted = 0; predicted < confusion.classes(); ++predicted)
      row.push_back(confusion.at(truth, predicted));
    rows.push_back(std::move(row));
  }
  return rows;
}

metrics::Confusion confusion_from(const Json& rows, std::size_t classes) {
  metrics::Confusion confusion(classes);
  if (rows.size() != classes) throw std::out_of_range("a confusion matrix of another size than `classes`");
  for (std::size_t truth = 0; truth < classes; ++truth) {
    for (std::size_t predicted = 0; predicted < classes; ++predicted)
      confusion.add(truth, predicted, rows.at(truth).at(predicted).get<std::int64_t>());
  }
  return confusion;
}

}  // namespace

RunMetrics measure(const Predictions& predictions, const std::vector<Song>& songs) {
  const std::size_t classes = predictions.classes.size();
  RunMetrics metrics{.classes = predictions.classes,
                     .n_songs = static_cast<std::int64_t>(songs.size()),
                     .n_slices = static_cast<std::int64_t>(predictions.slices.size()),
                     .song = metrics::Confusion(classes),
                     .vote = metrics::Confusion(classes),
                     .slice = metrics::Confusion(classes)};
  const auto label = [&](std::uint32_t song) {
    return static_cast<std::size_t>(predictions.songs[song].label);
  };
  std::set<std::string> groups;
  for (const Song& song : songs) {
    metrics.song.add(label(song.song), static_cast<std::size_t>(song.predicted));
    metrics.vote.add(label(song.song), static_cast<std::size_t>(song.voted));
    groups.insert(predictions.songs[song.song].group);
  }
  metrics.n_groups = static_cast<std::int64_t>(groups.size());
  for (std::size_t i = 0; i < predictions.slices.size(); ++i)
    metrics.slice.add(label(predictions.slices.song[i]),
                      static_cast<std::size_t>(argmax(predictions.slices.of(i))));
  return metrics;
}

std::string to_json(const RunMetrics& metrics) {
  const metrics::Scores by_mean = score(metrics.song), by_vote = score(metrics.vote);
  Json song = scores_json(by_mean);
  const Json vote = scores_json(by_vote);
  for (const auto& [name, value] : vote.items()) song["vote_" + name] = value;
  const Json json = {
      {"song", std::move(song)},
      {"slice", scores_json(score(metrics.slice))},
      {"per_class", per_class_json(by_mean, metrics.classes)},
      {"n_songs", metrics.n_songs},
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
        {"warning", metrics.split.warning}}},
      {"checkpoint",
       {{"path", metrics.checkpoint.path},
        {"epoch", metrics.checkpoint.epoch},
        {"seed", metrics.checkpoint.seed},
        {"model", metrics.checkpoint.model},
        {"parameters", metrics.checkpoint.parameters}}},
      {"confusion", confusion_json(metrics.song)},
      {"confusion_vote", confusion_json(metrics.vote)},
      {"confusion_slice", confusion_json(metrics.slice)},
  };
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
    metrics.split = {split.at("kind"), split.at("part"), split.at("group"),         split.at("folds"),
                     split.at("fold"), split.at("seed"), split.value("warning", "")};
    metrics.checkpoint = {checkpoint.at("path"), checkpoint.at("epoch"), checkpoint.at("seed"),
                          checkpoint.at("model"), checkpoint.at("parameters")};
    metrics.song = confusion_from(json.at("confusion"), metrics.classes.size());
    metrics.vote = confusion_from(json.at("confusion_vote"), metrics.classes.size());
    metrics.slice = confusion_from(json.at("confusion_slice"), metrics.classes.size());
    return metrics;
  } catch (const std::exception& error) {
    throw MetricsError(fmt::format("{}: not the metrics of a run: {}. Run chorale eval on the run again.",
                                   origin, error.what()));
  }
}

}  // namespace chorale::eval
