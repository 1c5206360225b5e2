#include "train/loop/trainer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <cmath>

#include "pipeline/runtime/log.hpp"
#include "pipeline/runtime/process.hpp"
#include "pipeline/runtime/progress.hpp"
#include "pipeline/runtime/random.hpp"
#include "pipeline/runtime/signals.hpp"
#include "train/checkpoint/resume.hpp"
#include "train/loop/task_metrics.hpp"
#include "train/optim/schedule.hpp"

namespace chorale::train {
namespace {

constexpr double kNotableWait = 0.02;  // share of the time of an epoch's steps

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// "loss 1.2345, accuracy 0.750, ...", without the losses of single tasks.
std::string describe(const std::vector<Metric>& metrics) {
  std::string text;
  for (const Metric& metric : metrics) {
    if (metric.name.ends_with(".loss")) continue;
    text += fmt::format("{}{} {:.4g}", text.empty() ? "" : ", ", metric.name, metric.value);
  }
  return text;
}

// Dropout needs no state in a checkpoint: its random numbers are a function of the step.
std::uint64_t step_seed(const config::Train& options, std::int64_t epoch, std::size_t step, int rank) {
  return runtime::RandomStream(static_cast<std::uint64_t>(options.seed),
                               {runtime::key_of("dropout"), static_cast<std::uint64_t>(epoch), step,
                                static_cast<std::uint64_t>(rank)})
      .next();
}

}  // namespace

bool finished(const checkpoint::State& state, const config::Train& options) {
  const bool out_of_patience = options.patience > 0 && state.epochs_since_best >= options.patience;
  return state.epoch >= options.epochs || (out_of_patience && state.step == 0);
}

Trainer::Trainer(const config::Experiment& experiment, const TrainingData& data, models::Model& model,
                 TrainingStep& step, comm::Communicator& communicator, checkpoint::State state,
                 torch::Device device)
    : experiment_(experiment),
      options_(experiment.train),
      data_(data),
      model_(model),
      step_(step),
      communicator_(communicator),
      device_(device),
      feed_(data, experiment.train, device),
      run_(experiment.run.dir, static_cast<std::size_t>(experiment.train.keep_checkpoints)),
      state_(std::move(state)),
      start_(now()),
      seconds_before_(state_.seconds) {
  state_.world_size = communicator.size();
  if (!is_first_rank()) return;
  history_.emplace(run_, data.outputs(), state_.epoch);
  seconds_of_epochs_ = history_->seconds(state_.epoch).value_or(state_.seconds);
  board_.emplace(run_.dir(), state_.epoch);
}

double Trainer::elapsed() const { return seconds_before_ + now() - start_; }

checkpoint::State Trainer::run() {
  while (!finished(state_, options_)) {
    train_epoch();
    const auto validation = validate_epoch();
    if (!validation) save_and_stop();
    close_epoch(*validation);
  }
  return state_;
}

std::optional<Validation> Trainer::validate_epoch() {
  const WeightAverage::InUse averaged(step_.average());
  return validate(model_, data_, feed_, step_.objective(), experiment_, communicator_);
}

// From state_.step to the end of the epoch under way.
void Trainer::train_epoch() {
  const auto& source = data_.training();
  const auto samples = static_cast<std::uint32_t>(source.slices.size());
  const auto plan = samples::BatchPlan::shuffled(
      samples, static_cast<std::size_t>(options_.batch_size), static_cast<std::uint64_t>(options_.seed),
      static_cast<std::uint64_t>(state_.epoch), communicator_.rank(), communicator_.size());
  const auto epoch = static_cast<std::uint64_t>(state_.epoch);
  samples::Loader loader(source, plan, feed_.training_options(epoch, static_cast<std::size_t>(state_.step)));
  runtime::Progress progress(fmt::format("epoch {}/{}", state_.epoch + 1, options_.epochs), samples,
                             "samples", !is_first_rank());
  const auto steps = static_cast<std::int64_t>(plan.steps()), first = state_.epoch * steps;
  if (state_.step > 0) lr_ = learning_rate(options_, first + state_.step - 1, steps, state_.plateau);
  const double start = now();
  const auto trained_before = state_.loss_count;
  while (const samples::Batch* batch = loader.next()) {
    const auto seed = step_seed(options_, state_.epoch, batch->step, communicator_.rank());
    lr_ = learning_rate(options_, first + static_cast<std::int64_t>(batch->step), steps, state_.plateau);
    under_way_.push_back(
        {step_.run(feed_.training_inputs(*batch, epoch), *batch, lr_, seed, runtime::stop_requested()),
         batch->global_tracks, lr_});
    take_sums(device_.is_cuda() ? 1 : 0);
    if (state_.loss_count == 0) continue;
    progress.update(static_cast<std::uint64_t>(state_.loss_count),
                    fmt::format("loss {:.4f}", state_.loss_sum / static_cast<double>(state_.loss_count)));
  }
  take_sums(0);
  step_seconds_ = now() - start;
  samples_per_second_ = static_cast<double>(state_.loss_count - trained_before) / step_seconds_;
  data_wait_ = loader.waited();
}

// Counts the steps under way but for the last `left`; all, when one of them says to stop.
void Trainer::take_sums(std::size_t left) {
  bool stop = false;
  while (under_way_.size() > (stop ? 0 : left)) {
    const StepSums sums = under_way_.front().pending.get();
    count(sums, under_way_.front());
    stop = stop || sums.stop;
    under_way_.pop_front();
  }
  if (stop) save_and_stop();
}

void Trainer::require_finite(const StepSums& sums, const UnderWay& step) const {
  if (std::isfinite(sums.loss) && std::isfinite(sums.gradient_norm)) return;
  const bool of_loss = !std::isfinite(sums.loss);
  std::vector<std::string> ids;
  for (const auto track : step.tracks) ids.push_back(data_.store().tracks()[track].track.id);
  throw runtime::Error(
      fmt::format("the {} is {} in step {} of epoch {}, at a learning rate of {:g}, on the batch of these "
                  "tracks: {}. Look at "
                  "them, lower train.lr, set train.clip_norm, or train with train.precision=fp32. The last "
                  "checkpoint is as it "
                  "was.",
                  of_loss ? "loss" : "norm of the gradient", of_loss ? sums.loss : sums.gradient_norm,
                  state_.step + 1, state_.epoch + 1, step.lr, fmt::join(ids, ", ")));
}

void Trainer::say_first_step() {
  static bool said = false;  // of the program, which a sweep trains in many times
  if (said || !is_first_rank()) return;
  said = true;
  spdlog::info("first step {:.2f} s after the start of the program", runtime::seconds_since_start());
}

void Trainer::count(const StepSums& sums, const UnderWay& step) {
  require_finite(sums, step);
  say_first_step();
  const auto samples = static_cast<std::int64_t>(step.tracks.size());
  ++state_.step;
  ++state_.global_step;
  state_.loss_sum += sums.loss * static_cast<double>(samples);
  state_.correct += sums.correct;
  state_.loss_count += samples;
}

void Trainer::close_epoch(const Validation& validation) {
  if (const double loss = monitored(validation.metrics, "loss").value; !std::isfinite(loss)) {
    throw runtime::Error(
        fmt::format("the validation loss is {} after epoch {}, whose last rate was {:g}; lower train.lr, set "
                    "train.clip_norm, or "
                    "train with train.precision=fp32. The last checkpoint is as it was.",
                    loss, state_.epoch + 1, lr_));
  }
  const auto n = static_cast<double>(state_.loss_count);
  EpochRow row{.epoch = state_.epoch + 1,
               .train_loss = state_.loss_sum / n,
               .train_accuracy = static_cast<double>(state_.correct) / n,
               .validation = validation.metrics,
               .lr = lr_,
               .seconds = elapsed() - seconds_of_epochs_,
               .samples_per_second = samples_per_second_,
               .data_wait = data_wait_,
               .memory_mib = runtime::resident_mib()};
  seconds_of_epochs_ += row.seconds;
  ++state_.epoch;
  state_.step = state_.loss_count = state_.correct = 0;
  state_.loss_sum = 0;
  const Metric& watched = monitored(validation.metrics, options_.monitor);
  const bool best = state_.best_epoch == 0 || is_better(watched.value, state_.best_value, watched.better);
  state_.epochs_since_best = best ? 0 : state_.epochs_since_best + 1;
  if (best) {
    state_.best_value = watched.value;
    state_.best_epoch = state_.epoch;
    for (std::size_t task = 0; task < state_.decodings.size(); ++task)
      state_.decodings[task].thresholds = validation.thresholds[task];
  }
  state_.plateau = plateau_after(state_.plateau, watched.value, watched.better, options_);
  if (!is_first_rank()) return;
  const double wait = data_wait_ / step_seconds_;
  const auto waited = samples_per_second_ > 0 && wait > kNotableWait
                          ? fmt::format(", {:.0f} % of the time waiting for data", 100 * wait)
                          : std::string();
  spdlog::info("epoch {}/{}: loss {:.4f}; validation {}{}; {:.1f} samples/s{}", row.epoch, options_.epochs,
               row.train_loss, describe(row.validation), best ? " (best)" : "", row.samples_per_second,
               waited);
  history_->add(row);
  board_->add(row, validation.confusions);
  if (best) save(checkpoint::CheckpointKind::kBest);
  if (state_.epoch % options_.checkpoint_every == 0 || finished(state_, options_)) {
    save(checkpoint::CheckpointKind::kEpoch);
  }
}

void Trainer::save_and_stop() {
  if (is_first_rank()) save(checkpoint::CheckpointKind::kEpoch);
  throw runtime::Interrupted(
      fmt::format("stopped by a signal after step {} of epoch {}; saved in {}. The same command continues.",
                  state_.step, state_.epoch + 1, run_.dir().string()));
}

void Trainer::save(checkpoint::CheckpointKind kind) {
  state_.seconds = elapsed();
  const bool best = kind == checkpoint::CheckpointKind::kBest;  // is evaluated, not continued
  const WeightAverage::InUse averaged(best ? step_.average() : nullptr);
  save_checkpoint(run_, kind, state_, model_, best ? TensorState() : step_.state());
}

}  // namespace chorale::train
