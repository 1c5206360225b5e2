#include "eval/stage/run_predictions.hpp"

#include <unordered_map>

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
  std::unordered_map<std::uint32_t, std::uint32_t> song_of_track;
  for (std::size_t i = 0; i < run.slices.size(); ++i) {
    const dataset::Track& track = run.store.tracks()[run.slices[i].track].track;
    const dataset::Label& label = run.labels[run.slices[i].track].at(task);
    if (!label.known) continue;
    const auto [entry, added] =
        song_of_track.try_emplace(run.slices[i].track, static_cast<std::uint32_t>(predictions.songs.size()));
    if (added) predictions.songs.push_back({track.id, track.path, track.group, label});
    predictions.slices.song.push_back(entry->second);
    const auto row = forward.predictions.begin() + static_cast<std::ptrdiff_t>(i) * width + output.first;
    predictions.slices.probabilities.insert(predictions.slices.probabilities.end(), row, row + output.count);
    predictions.of_run.push_back(static_cast<std::uint32_t>(i));
    predictions.starts.push_back(run.slices[i].first * frame_seconds);
  }
  return predictions;
}

}  // namespace chorale::eval
