#include "train/baselines/baseline_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "pipeline/metrics/confusion.hpp"
#include "pipeline/runtime/log.hpp"
#include "pipeline/runtime/process.hpp"
#include "pipeline/runtime/progress.hpp"
#include "pipeline/runtime/signals.hpp"
#include "train/loop/song_sums.hpp"
#include "train/loop/task_metrics.hpp"

namespace chorale::train {
namespace {

constexpr double kLeastProbability = 1e-16;  // as XGBoost's mlogloss has it

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double mean_loss(const BaselineRows& rows, const std::vector<float>& probabilities, std::size_t classes) {
  double sum = 0, weights = 0;
  for (std::size_t i = 0; i < rows.classes.size(); ++i) {
    const double right = probabilities[i * classes + static_cast<std::size_t>(rows.classes[i])];
    sum -= rows.weights[i] * std::log(std::max(right, kLeastProbability));
    weights += rows.weights[i];
  }
  return sum / weights;
}

TaskFigures measure(const BaselineData& data, const BaselineRows& rows,
                    const std::vector<float>& probabilities) {
  SongSums sums(data.outputs, data.store.tracks(), rows.tracks);
  std::vector<std::uint32_t> tracks;
  for (const auto& slice : rows.tracks) tracks.push_back(slice.track);
  sums.add(tracks, probabilities);
  return {.loss = mean_loss(rows, probabilities, data.classes()),
          .slice_accuracy = sums.slice_accuracy(0),
          .songs = sums.songs(0)};
}

}  // namespace

bool finished_baseline(const checkpoint::State& state, const config::Experiment& experiment) {
  const auto patience = experiment.train.patience;
  return state.epoch >= most_rounds(experiment.model) ||
         (patience > 0 && state.epochs_since_best >= patience);
}

BaselineRun::BaselineRun(const config::Experiment& experiment, const BaselineData& data, Learner& learner,
                         checkpoint::State state)
    : experiment_(experiment),
      data_(data),
      learner_(learner),
      folder_(experiment.run.dir, static_cast<std::size_t>(experiment.train.keep_checkpoints)),
      state_(std::move(state)) {}

checkpoint::State BaselineRun::run() {
  const std::int64_t rounds = most_rounds(experiment_.model);
  runtime::Progress progress(experiment_.model.name, static_cast<std::uint64_t>(rounds), "rounds");
  while (!finished_baseline(state_, experiment_)) {
    if (runtime::stop_requested())
      throw runtime::Interrupted("nothing was saved; run the same command again to fit it from the start");
    const double start = now();
    learner_.fit_round();
    close_round(now() - start);
    progress.update(static_cast<std::uint64_t>(state_.epoch),
                    fmt::format("validation loss {:.4f}", rows_.back().validation.front().value));
  }
  save();
  return state_;
}

void BaselineRun::close_round(double seconds) {
  const TaskFigures training = measure(data_, data_.training, learner_.predict_training());
  const TaskFigures validation = measure(data_, data_.validation, learner_.predict_validation());
  ++state_.epoch;
  ++state_.global_step;
  state_.seconds += seconds;
  rows_.push_back({.epoch = state_.epoch,
                   .train_loss = training.loss,
                   .train_accuracy = training.slice_accuracy,
                   .validation = metrics_of(data_.outputs, validation.loss, std::span(&validation, 1)),
                   .lr = rate_of(experiment_.model),
                   .seconds = seconds,
                   .samples_per_second = static_cast<double>(data_.training.classes.size()) / seconds,
                   .memory_mib = runtime::resident_mib()});
  confusions_ = {{data_.outputs.front().task.name, metrics::confusion_of(validation.songs)}};
  const Metric& watched = monitored(rows_.back().validation, experiment_.train.monitor);
  const bool best = state_.best_epoch == 0 || is_better(watched.value, state_.best_value, watched.better);
  state_.epochs_since_best = best ? 0 : state_.epochs_since_best + 1;
  if (!best) return;
  state_.best_value = watched.value;
  state_.best_epoch = state_.epoch;
}

void BaselineRun::save() const {
  History(folder_, data_.outputs, 0).add(rows_);
  Board board(folder_.dir(), 0);
  for (const EpochRow& row : rows_) board.add(row, row.epoch == state_.epoch ? confusions_ : Confusions{});
  const auto write = [&](checkpoint::CheckpointKind kind, const checkpoint::State& state) {
    checkpoint::write_checkpoint(folder_, kind, state, [&](const std::filesystem::path& folder) {
      learner_.write(folder, static_cast<int>(state.epoch));
    });
  };
  checkpoint::State best = state_;
  best.epoch = best.global_step = state_.best_epoch;
  best.epochs_since_best = 0;
  write(checkpoint::CheckpointKind::kBest, best);
  write(checkpoint::CheckpointKind::kEpoch, state_);
}

}  // namespace chorale::train
