#include "eval/stage/write_results.hpp"

#include <fmt/format.h>

#include <unordered_map>

#include "eval/figures/confusion_figure.hpp"
#include "eval/figures/learning_curves.hpp"
#include "eval/results/result_tables.hpp"
#include "eval/tables/formats.hpp"
#include "pipeline/config/config.hpp"
#include "pipeline/runtime/atomic_file.hpp"
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

void write_tables(const RunMetrics& metrics, const fs::path& folder) {
  write_table(summary_table(metrics), folder);
  for (const Table& table :
       {class_table(metrics.song, metrics.classes, "per_class", "Classes, songs by mean probability"),
        confusion_table(metrics.song, metrics.classes, "confusion", "Songs by mean probability")}) {
    write_table(with_warning(table, metrics), folder);
  }
}

void write_figures(const OpenedRun& run, const RunMetrics& metrics) {
  const fs::path folder = run.folder.figures();
  const std::string title =
      fmt::format("{}, {} part: songs by mean probability", metrics.checkpoint.model, metrics.split.part);
  figures::write_figure(
      confusion_figure("confusion", title, metrics.song, metrics.classes, CellValue::kCount), folder);
  figures::write_figure(
      confusion_figure("confusion_percent", title, metrics.song, metrics.classes, CellValue::kPercent),
      folder);
  if (!fs::exists(run.folder.history())) return;
  if (const auto history = read_history(run.folder); !history.empty()) {
    const std::string name = fs::absolute(run.folder.dir()).lexically_normal().filename().string();
    figures::write_figure(learning_curves("learning_curves", name, history, run.state.epoch), folder);
  }
}

}  // namespace

Predictions make_predictions(const OpenedRun& run, SliceProbabilities slices) {
  Predictions predictions{.classes = run.state.tasks.at(0).classes, .songs = {}, .slices = std::move(slices)};
  const double frame_seconds = static_cast<double>(run.experiment.features.hop_length) /
                               static_cast<double>(run.experiment.audio.sample_rate);
  std::unordered_map<std::uint32_t, std::uint32_t> song_of_track;
  for (std::size_t i = 0; i < predictions.slices.size(); ++i) {
    std::uint32_t& song = predictions.slices.song[i];
    const std::uint32_t track = song;
    const auto [entry, added] =
        song_of_track.try_emplace(track, static_cast<std::uint32_t>(predictions.songs.size()));
    if (added) {
      const dataset::Track& stored = run.store.tracks()[track].track;
      predictions.songs.push_back({stored.id, stored.path, stored.group, stored.labels.at(0).index()});
    }
    song = entry->second;
    predictions.starts.push_back(run.slices[i].first * frame_seconds);
  }
  return predictions;
}

RunMetrics write_results(const OpenedRun& run, const Predictions& predictions, std::int64_t parameters) {
  const std::vector<Song> songs = aggregate(predictions.slices);
  RunMetrics metrics = measure(predictions, songs);
  metrics.task = run.state.tasks.at(0).name;
  metrics.split = split_info(run);
  metrics.checkpoint = checkpoint_info(run, parameters);

  runtime::write_file(run.folder.predictions(), predictions_csv(predictions));
  runtime::write_file(run.folder.dir() / "songs.csv", songs_csv(predictions, songs));
  write_tables(metrics, run.folder.tables());
  write_figures(run, metrics);
  runtime::write_file(run.folder.metrics(), to_json(metrics));
  return metrics;
}

}  // namespace chorale::eval
