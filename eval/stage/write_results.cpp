#include "eval/stage/write_results.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "eval/figures/class_bars_figure.hpp"
#include "eval/figures/confusion_figure.hpp"
#include "eval/figures/curve_figure.hpp"
#include "eval/figures/importance_figure.hpp"
#include "eval/figures/learning_curves.hpp"
#include "eval/figures/reliability_figure.hpp"
#include "eval/results/importance_table.hpp"
#include "eval/results/predictions.hpp"
#include "eval/results/result_tables.hpp"
#include "eval/results/task_tables.hpp"
#include "eval/stage/run_predictions.hpp"
#include "eval/stage/write_embeddings.hpp"
#include "eval/tables/formats.hpp"
#include "pipeline/config/config.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/log.hpp"
#include "pipeline/samples/parts.hpp"

namespace chorale::eval {
namespace {

namespace fs = std::filesystem;

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
    const std::string title = fmt::format("{}, {}: {}", run.checkpoint.model, part_text(run.split), what);
    const auto figure = curve_figure(name, title, examples, task.output.task.classes, curve);
    if (!figure.commands.empty()) figures::write_figure(figure, folder);
  };
  draw("roc", "ROC of songs", Curve::kRoc);
  draw("precision_recall", "precision and recall of songs", Curve::kPrecisionRecall);
  if (!task.classes) return;
  const std::string title =
      fmt::format("{}, {}: confidence in songs", run.checkpoint.model, part_text(run.split));
  figures::write_figure(reliability_figure("reliability", title, task.classes->songs.calibration), folder);
}

void write_class_bars(const TaskMetrics& task, const RunMetrics& run, const fs::path& folder) {
  figures::remove_figure("class_bars", folder);
  std::vector<metrics::ClassScore> scores;
  if (task.classes) scores = score(task.classes->song).per_class;
  if (task.labels) {
    for (const metrics::ClassRanking& one : task.labels->song.per_class) {
      scores.push_back(
          {one.decisions.precision(), one.decisions.recall(), one.decisions.f1(), one.positives});
    }
  }
  if (scores.empty()) return;
  const std::string title =
      fmt::format("{}, {}: songs by mean probability", run.checkpoint.model, part_text(run.split));
  figures::write_figure(class_bars_figure("class_bars", title, task.output.task.classes, scores), folder);
}

void write_figures(const OpenedRun& run, const RunMetrics& metrics) {
  const fs::path folder = run.results.figures();
  if (!metrics.classes.empty()) {
    const std::string title =
        fmt::format("{}, {}: songs by mean probability", metrics.checkpoint.model, part_text(metrics.split));
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
  write_table(with_warning(importance_table(forward.importance, metrics), metrics), run.results.tables());
  const std::string title =
      fmt::format("{}: columns of {}", metrics.checkpoint.model, run.state.vector.feature);
  figures::write_figure(importance_figure("feature_importance", title, forward.importance),
                        run.results.figures());
}

void warn_of_slices_without_label(const OpenedRun& run, const Predictions& predictions) {
  if (const std::size_t without = run.slices.size() - predictions.slices.size(); without > 0) {
    spdlog::warn("task {}: {} slices of songs without a label of it are left out",
                 predictions.output.task.name, without);
  }
}

// As a part of a file's name.
std::string file_name(std::string task) {
  std::ranges::replace(task, '/', '_');
  return task;
}

}  // namespace

Results write_results(const OpenedRun& run, const Forward& forward) {
  Results results;
  metrics::Examples main_songs;
  std::vector<SongInfo> main_infos;
  const std::size_t main = models::main_task(run.outputs);
  for (const std::size_t task : run.tasks) {
    const Predictions predictions = predictions_of(run, forward, task);
    warn_of_slices_without_label(run, predictions);
    const std::vector<Song> songs = aggregate(predictions.slices);
    results.tasks.push_back(measure_task(predictions, songs));
    const std::string name = file_name(run.outputs[task].task.name);
    if (task == main) {
      results.main = measure(predictions, results.tasks.back());
      main_songs = song_examples(predictions, songs);
      main_infos = predictions.songs;
    }
    const std::string ending = task == main ? ".csv" : "_" + name + ".csv";
    runtime::write_file(run.results.dir() / ("predictions" + ending), predictions_csv(predictions));
    runtime::write_file(run.results.dir() / ("songs" + ending), songs_csv(predictions, songs));
  }
  results.main.split = run.split;
  results.main.command = run.command;
  results.main.overrides = run.overrides;
  results.main.checkpoint = checkpoint_info(run, forward.parameters);
  for (const TaskMetrics& task : results.tasks) {
    const std::string& name = task.output.task.name;
    const std::string prefix = name == results.main.task ? "" : file_name(name) + "_";
    for (Table& table : task_tables(task, results.main)) {
      table.name = prefix + table.name;
      write_table(table, run.results.tables());
    }
  }
  write_figures(run, results.main);
  const auto scored = std::ranges::find(results.tasks, results.main.task,
                                        [](const TaskMetrics& task) { return task.output.task.name; });
  write_class_bars(*scored, results.main, run.results.figures());
  write_ranking_figures(*scored, main_songs, results.main, run.results.figures());
  write_importance(run, forward, results.main);
  results.main.embedding = write_embeddings(run, forward, main_infos, results.main);
  runtime::write_file(run.results.metrics(), to_json(results.main, results.tasks));
  return results;
}

}  // namespace chorale::eval
