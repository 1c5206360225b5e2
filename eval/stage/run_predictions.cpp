#include "eval/stage/run_predictions.hpp"

#include "eval/embedding/collector.hpp"
#include "eval/stage/task_songs.hpp"

namespace chorale::eval {

Predictions predictions_of(const OpenedRun& run, const Forward& forward, std::size_t task) {
  const models::Output& output = run.outputs[task];
  Predictions predictions{.output = output, .thresholds = run.state.decodings[task].thresholds};
  if (output.task.kind == config::TaskKind::kMulti)
    predictions.thresholds.resize(static_cast<std::size_t>(output.count), 0.5);
  predictions.slices.classes = static_cast<std::size_t>(output.count);
  const auto width = static_cast<std::ptrdiff_t>(models::width(run.outputs));
  const double frame_seconds = static_cast<double>(run.experiment.features.hop_length) /
                               static_cast<double>(run.experiment.audio.sample_rate);
  const TaskSongs songs = songs_of(run, task);
  for (const std::uint32_t index : songs.tracks) {
    const dataset::Track& track = run.store.tracks()[index].track;
    predictions.songs.push_back({track.id, track.path, track.group, run.labels[index].at(task)});
  }
  for (std::size_t i = 0; i < run.slices.size(); ++i) {
    if (songs.of_slice[i] == EmbeddingCollector::kLeftOut) continue;
    predictions.slices.song.push_back(songs.of_slice[i]);
    const auto row = forward.predictions.begin() + static_cast<std::ptrdiff_t>(i) * width + output.first;
    predictions.slices.probabilities.insert(predictions.slices.probabilities.end(), row, row + output.count);
    predictions.of_run.push_back(static_cast<std::uint32_t>(i));
    predictions.starts.push_back(run.slices[i].first * frame_seconds);
  }
  return predictions;
}

}  // namespace chorale::eval
