#include "eval/stage/write_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "eval/figures/confusion_figure.hpp"
#include "eval/figures/curve_figure.hpp"
#include "eval/figures/importance_figure.hpp"
#include "eval/figures/learning_curves.hpp"
#include "eval/figures/reliability_figure.hpp"
#include "eval/results/importance_table.hpp"
#include "eval/results/predictions.hpp"
#include "eval/results/result_tables.hpp"
#include "eval/results/task_tables.hpp"
#include "eval/tables/formats.hpp"
#include "pipeline/config/config.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/log.hpp"
#include "pipeline/samples/parts.hpp"

namespace chorale::eval {
namespace {

namespace fs = std::filesystem;

const char* const kArtistWarning =
    "Warning: this random split ignores artists (split.artists = \"ignore\"). Songs are tested whose artists "
    "were trained on, which makes every figure here too high, and not comparable with an artist-aware split.";

SplitInfo split_info(const OpenedRun& run) {
  const config::Experiment& experiment = run.experiment;
  const config::Split& split = experiment.split;
  const bool folds = split.kind == config::SplitKind::kFolds;
  return {.kind = std::string(config::name_of(split.kind)),
          .part = std::string(config::name_of(experiment.eval.part)),
          .group = std::string(config::name_of(experiment.dataset.group)),
          .folds = folds ? split.folds : 0,
          .fold = folds ? split.fold : 0,
          .seed = split.seed,
          .warning = samples::artists_are_ignored(run.store, experiment) ? kArtistWarning : ""};
}

CheckpointInfo checkpoint_info(const OpenedRun& run, std::int64_t parameters) {
  return {.path = run.checkpoint.lexically_relative(run.folder.dir()).generic_string(),
          .epoch = run.state.epoch,
          .seed = run.experiment.train.seed,
          .model = run.state.model,
          .parameters = parameters};
}

// ROC and precision-recall curves of songs, each class against the others where it has one, and reliability.
void write_ranking_figures(const TaskMetrics& task, const metrics::Examples& songs, const RunMetrics& run,
                           const fs::path& folder) {
  for (const char* name : {"roc", "precision_recall", "reliability"}) figures::remove_figure(name, folder);
  if (!task.classes && !task.labels) return;
  const auto examples = task.classes ? metrics::one_against_rest(songs) : metrics::multi_label_of(songs);
  const auto draw = [&](const char* name, const char* what, Curve curve) {
    const std::string title = fmt::format("{}, {} part: {}", run.checkpoint.model, run.split.part, what);
    const auto figure = curve_figure(name, title, examples, task.output.task.classes, curve);
    if (!figure.commands.empty()) figures::write_figure(figure, folder);
  };
  draw("roc", "ROC of songs", Curve::kRoc);
  draw("precision_recall", "precision and recall of songs", Curve::kPrecisionRecall);
  if (!task.classes) return;
  const std::string title =
      fmt::format("{}, {} part: confidence in songs", run.checkpoint.model, run.split.part);
  figures::write_figure(reliability_figure("reliability", title, task.classes->calibration), folder);
}

void write_figures(const OpenedRun& run, const RunMetrics& metrics) {
  const fs::path folder = run.folder.figures();
  if (!metrics.classes.empty()) {
    const std::string title =
        fmt::format("{}, {} part: songs by mean probability", metrics.checkpoint.model, metrics.split.part);
    figures::write_figure(
        confusion_figure("confusion", title, metrics.song, metrics.classes, CellValue::kCount), folder);
    figures::write_figure(
        confusion_figure("confusion_percent", title, metrics.song, metrics.classes, CellValue::kPercent),
        folder);
  }
  if (!fs::exists(run.folder.history())) return;
  if (const auto history = read_history(run.folder); history.size() > 1) {
    const std::string name = fs::absolute(run.folder.dir()).lexically_normal().filename().string();
    figures::write_figure(learning_curves("learning_curves", name, history, run.state.epoch), folder);
  }
}

// What columns a classical baseline goes by.
void write_importance(const OpenedRun& run, const Forward& forward, const RunMetrics& metrics) {
  if (forward.importance.columns.empty()) return;
  write_table(with_warning(importance_table(forward.importance, metrics), metrics), run.folder.tables());
  const std::string title =
      fmt::format("{}: columns of {}", metrics.checkpoint.model, run.state.vector.feature);
  figures::write_figure(importance_figure("feature_importance", title, forward.importance),
                        run.folder.figures());
}

// The columns of one task, of the slices of songs that have a label of it.
Predictions predictions_of(const OpenedRun& run, const Forward& forward, std::size_t task) {
  const models::Output& output = run.outputs[task];
  Predictions predictions{.output = output, .thresholds = run.state.decodings[task].thresholds};
  if (output.task.kind == config::TaskKind::kMulti)
    predictions.thresholds.resize(static_cast<std::size_t>(output.count), 0.5);
  predictions.slices.classes = static_cast<std::size_t>(output.count);
  const auto width = static_cast<std::ptrdiff_t>(models::width(run.outputs));
  const double frame_seconds = static_cast<double>(run.experiment.features.hop_length) /
                               static_cast<double>(run.experiment.audio.sample_rate);
  std::unordered_map<std::uint32_t, std::uint32_t> song_of_track;
  for (std::size_t i = 0; i < run.slices.size(); ++i) {
    const dataset::Track& track = run.store.tracks()[run.slices[i].track].track;
    if (!track.labels.at(task).known) continue;
    const auto [entry, added] =
        song_of_track.try_emplace(run.slices[i].track, static_cast<std::uint32_t>(predictions.songs.size()));
    if (added) predictions.songs.push_back({track.id, track.path, track.group, track.labels[task]});
    predictions.slices.song.push_back(entry->second);
    const auto row = forward.predictions.begin() + static_cast<std::ptrdiff_t>(i) * width + output.first;
    predictions.slices.probabilities.insert(predictions.slices.probabilities.end(), row, row + output.count);
    predictions.starts.push_back(run.slices[i].first * frame_seconds);
  }
  if (const std::size_t without = run.slices.size() - predictions.slices.size(); without > 0)
    spdlog::warn("task {}: {} slices of songs without a label of it are left out", output.task.name, without);
  return predictions;
}

// As a part of a file's name.
std::string file_name(std::string task) {
  std::ranges::replace(task, '/', '_');
  return task;
}

std::size_t main_task(const std::vector<models::Output>& outputs) {
  const auto single = std::ranges::find(outputs, config::TaskKind::kSingle,
                                        [](const models::Output& output) { return output.task.kind; });
  return single == outputs.end() ? 0 : static_cast<std::size_t>(single - outputs.begin());
}

}  // namespace

Results write_results(const OpenedRun& run, const Forward& forward) {
  Results results;
  metrics::Examples main_songs;
  const std::size_t main = main_task(run.outputs);
  for (std::size_t task = 0; task < run.outputs.size(); ++task) {
    const Predictions predictions = predictions_of(run, forward, task);
    const std::vector<Song> songs = aggregate(predictions.slices);
    results.tasks.push_back(measure_task(predictions, songs));
    const std::string name = file_name(run.outputs[task].task.name);
    if (task == main) {
      results.main = measure(predictions, results.tasks.back());
      main_songs = song_examples(predictions, songs);
    }
    const std::string ending = task == main ? ".csv" : "_" + name + ".csv";
    runtime::write_file(run.folder.dir() / ("predictions" + ending), predictions_csv(predictions));
    runtime::write_file(run.folder.dir() / ("songs" + ending), songs_csv(predictions, songs));
  }
  results.main.split = split_info(run);
  results.main.checkpoint = checkpoint_info(run, forward.parameters);
  for (std::size_t task = 0; task < run.outputs.size(); ++task) {
    const std::string prefix = task == main ? "" : file_name(run.outputs[task].task.name) + "_";
    for (Table& table : task_tables(results.tasks[task], results.main)) {
      table.name = prefix + table.name;
      write_table(table, run.folder.tables());
    }
  }
  write_figures(run, results.main);
  write_ranking_figures(results.tasks[main], main_songs, results.main, run.folder.figures());
  write_importance(run, forward, results.main);
  runtime::write_file(run.folder.metrics(), to_json(results.main, results.tasks));
  return results;
}

}  // namespace chorale::eval
