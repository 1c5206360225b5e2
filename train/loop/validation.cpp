#include "train/loop/validation.hpp"

#include <span>

#include "pipeline/device/copies.hpp"
#include "pipeline/models/precision.hpp"
#include "pipeline/models/predictions.hpp"
#include "pipeline/runtime/signals.hpp"
#include "train/loop/song_sums.hpp"
#include "train/loop/task_metrics.hpp"

namespace chorale::train {
namespace {

bool any_rank(comm::Communicator& communicator, bool mine) {
  std::int64_t votes = mine ? 1 : 0;
  communicator.allreduce(comm::buffer(std::span(&votes, 1)));
  return votes > 0;
}

std::vector<std::uint32_t> tracks_of(std::span<const samples::Slice> slices) {
  std::vector<std::uint32_t> tracks;
  for (const auto& slice : slices) tracks.push_back(slice.track);
  return tracks;
}

Validation measure(const Objective& objective, const SongSums& sums, std::span<const double> losses,
                   std::span<const double> weights) {
  const auto& outputs = objective.outputs();
  std::vector<TaskFigures> figures(outputs.size());
  Validation validation;
  for (std::size_t task = 0; task < outputs.size(); ++task) {
    figures[task].loss = losses[task] / weights[task];
    figures[task].slice_accuracy = sums.slice_accuracy(task);
    figures[task].songs = sums.songs(task);
    if (outputs[task].task.kind == config::TaskKind::kMulti)
      figures[task].thresholds = metrics::best_thresholds(metrics::multi_label_of(figures[task].songs));
    validation.thresholds.push_back(figures[task].thresholds);
    const auto kind = outputs[task].task.kind;
    if (kind == config::TaskKind::kSingle || kind == config::TaskKind::kKey)
      validation.confusions.emplace_back(outputs[task].task.name, metrics::confusion_of(figures[task].songs));
  }
  validation.metrics = metrics_of(outputs, objective.total(losses, weights), figures);
  return validation;
}

}  // namespace

std::optional<Validation> validate(models::Model& model, const TrainingData& data, const Feed& feed,
                                   const Objective& objective, const config::Experiment& experiment,
                                   comm::Communicator& communicator) {
  const torch::NoGradGuard no_grad;
  model.eval();
  const auto& source = data.validation();
  const auto& outputs = objective.outputs();
  const auto global_batch = static_cast<std::size_t>(experiment.eval.batch_size * communicator.size());
  const auto plan = samples::BatchPlan::sequential(static_cast<std::uint32_t>(source.slices.size()),
                                                   global_batch, communicator.rank(), communicator.size());
  samples::Loader loader(source, plan, feed.validation_options());
  SongSums sums(outputs, data.store().tracks(), source.slices);
  torch::Tensor losses;
  while (const samples::Batch* batch = loader.next()) {
    if (any_rank(communicator, runtime::stop_requested())) return std::nullopt;
    if (batch->samples.empty()) continue;
    const models::PrecisionGuard precision(experiment.train.precision, feed.device().type());
    const auto out = model.forward(feed.validation_inputs(*batch)).to(torch::kFloat32);
    const auto batch_losses = objective.sums(out, batch->tracks);
    losses = losses.defined() ? losses + batch_losses : batch_losses;
    const auto predictions =
        device::Download(models::predictions_of(out, outputs, objective.decodings())).wait();
    sums.add(batch->tracks,
             {predictions.const_data_ptr<float>(), static_cast<std::size_t>(predictions.numel())});
  }
  std::vector<double> loss_sums(outputs.size());
  if (losses.defined()) {
    const auto on_host = device::Download(losses).wait();
    std::copy_n(on_host.const_data_ptr<double>(), loss_sums.size(), loss_sums.begin());
  }
  communicator.allreduce(comm::buffer(std::span(loss_sums)));
  communicator.allreduce(comm::buffer(sums.values()));
  return measure(objective, sums, loss_sums, objective.weights(tracks_of(source.slices)));
}

}  // namespace chorale::train
