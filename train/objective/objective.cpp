#include "train/objective/objective.hpp"

#include <algorithm>
#include <utility>

#include "pipeline/device/copies.hpp"

namespace chorale::train {
namespace {

using config::TaskKind;

torch::Tensor index_of(std::span<const std::uint32_t> tracks, torch::Device device) {
  return device::upload(torch::tensor(std::vector<std::int64_t>(tracks.begin(), tracks.end())), device);
}

std::vector<std::uint32_t> tracks_of(std::span<const samples::View> views) {
  std::vector<std::uint32_t> tracks;
  for (const auto& view : views) tracks.push_back(view.slice.track);
  return tracks;
}

double weight_named(const config::Factors& factors, const std::string& name) {
  const auto found = std::ranges::find(factors, name, &config::Factors::value_type::first);
  return found == factors.end() ? 1.0 : found->second;
}

std::vector<double> class_weights(const models::Output& output, const config::Train& options,
                                  const LabelStatistics& statistics) {
  switch (output.task.kind) {
    case TaskKind::kSingle:
    case TaskKind::kKey:
      if (options.class_weights == config::Weighting::kBalanced) return balanced_weights(statistics);
      return {};
    case TaskKind::kMulti:
      if (options.pos_weight_power > 0)
        return positive_weights(statistics, options.pos_weight_power, options.pos_weight_cap);
      return {};
    case TaskKind::kRegression:
      return {};
  }
  return {};
}

// What torch's mean divides by: the weights of the true classes, all decisions, or all values.
double divisor_of(const models::Output& output, const dataset::Label& label,
                  const std::vector<double>& weights) {
  if (!label.known) return 0;
  if (output.task.kind == TaskKind::kMulti) return static_cast<double>(output.count);
  if (output.task.kind == TaskKind::kRegression || weights.empty()) return 1;
  return weights[static_cast<std::size_t>(models::class_of(output, label))];
}

std::vector<models::Decoding> decodings_of(std::span<const LabelStatistics> statistics) {
  std::vector<models::Decoding> decodings;
  for (const auto& one : statistics) decodings.push_back({.mean = one.mean, .deviation = one.deviation});
  return decodings;
}

}  // namespace

Objective::Objective(std::vector<models::Output> outputs, const config::Train& options,
                     std::span<const LabelStatistics> statistics, std::span<const store::StoredTrack> tracks,
                     torch::Device device)
    : outputs_(std::move(outputs)), decodings_(decodings_of(statistics)), device_(device) {
  for (std::size_t t = 0; t < outputs_.size(); ++t) {
    const models::Output& output = outputs_[t];
    const auto weights = class_weights(output, options, statistics[t]);
    Task& task =
        tasks_.emplace_back(Task{.weight = weight_named(options.task_weights, output.task.name),
                                 .smoothing = options.label_smoothing,
                                 .labels = make_label_table(output, decodings_[t], t, tracks, device)});
    if (!weights.empty()) task.class_weights = torch::tensor(weights, torch::kFloat32).to(device);
    for (const auto& row : tracks)
      task.weight_of.push_back(divisor_of(output, row.track.labels.at(t), weights));
  }
}

// [n], 0 where the label is missing.
torch::Tensor Objective::task_losses(std::size_t index, const torch::Tensor& outputs,
                                     const torch::Tensor& tracks) const {
  const models::Output& output = outputs_[index];
  const Task& task = tasks_[index];
  const torch::Tensor mine = outputs.narrow(1, output.first, output.count);
  const torch::Tensor target = task.labels.target.index_select(0, tracks);
  const auto where_known = [&](const torch::Tensor& losses) {
    return losses * task.labels.known.index_select(0, tracks);
  };
  switch (output.task.kind) {
    case TaskKind::kSingle:
    case TaskKind::kKey:
      return at::cross_entropy_loss(mine, target, task.class_weights, at::Reduction::None,
                                    LabelTable::kUnknown, task.smoothing);
    case TaskKind::kMulti:
      return where_known(at::binary_cross_entropy_with_logits(mine, target.to(torch::kFloat32), {},
                                                              task.class_weights, at::Reduction::None)
                             .sum(1));
    case TaskKind::kRegression:
      return where_known(at::smooth_l1_loss(mine.squeeze(1), target, at::Reduction::None));
  }
  return {};
}

torch::Tensor Objective::count_correct(const torch::Tensor& outputs, const torch::Tensor& tracks) const {
  const auto single = std::ranges::find(outputs_, TaskKind::kSingle,
                                        [](const models::Output& output) { return output.task.kind; });
  if (single == outputs_.end()) return torch::zeros({}, outputs.options().dtype(torch::kInt64));
  const Task& task = tasks_[static_cast<std::size_t>(single - outputs_.begin())];
  const auto mine = outputs.detach().narrow(1, single->first, single->count);
  return mine.argmax(1).eq(task.labels.target.index_select(0, tracks)).sum();
}

// Of the whole global batch.
std::vector<double> Objective::weights_of(const samples::Batch& batch) const {
  const samples::Partners& partners = batch.partners;
  if (partners.global_tracks.empty()) return weights(batch.global_tracks);
  std::vector<double> all;
  for (const Task& task : tasks_) {
    double sum = 0;
    for (std::size_t i = 0; i < batch.global_tracks.size(); ++i) {
      const auto own = static_cast<double>(partners.global_weights[i]);
      sum += own * task.weight_of[batch.global_tracks[i]] +
             (1 - own) * task.weight_of[partners.global_tracks[i]];
    }
    all.push_back(sum);
  }
  return all;
}

Objective::Targets Objective::targets(const samples::Batch& batch) const {
  const auto wholes = weights_of(batch);
  std::vector<float> factors;
  for (std::size_t t = 0; t < tasks_.size(); ++t) {
    factors.push_back(wholes[t] > 0 ? static_cast<float>(tasks_[t].weight / wholes[t]) : 0.0F);
  }
  Targets targets = {index_of(batch.tracks, device_), device::upload(torch::tensor(factors), device_)};
  if (!batch.partners.weights.empty()) {
    targets.partners = index_of(tracks_of(batch.partners.views), device_);
    targets.share = device::upload(torch::tensor(batch.partners.weights), device_);
  }
  return targets;
}

Objective::Result Objective::operator()(const torch::Tensor& outputs, const Targets& targets) const {
  const auto& [tracks, factors, partners, share] = targets;
  torch::Tensor loss;
  for (std::size_t t = 0; t < tasks_.size(); ++t) {
    torch::Tensor losses = task_losses(t, outputs, tracks);
    if (share.defined()) losses = share * losses + (1 - share) * task_losses(t, outputs, partners);
    const torch::Tensor part = losses.sum() * factors.select(0, static_cast<std::int64_t>(t));
    loss = loss.defined() ? loss + part : part;
  }
  return {loss, count_correct(outputs, tracks)};
}

torch::Tensor Objective::sums(const torch::Tensor& outputs, std::span<const std::uint32_t> tracks) const {
  const auto index = index_of(tracks, outputs.device());
  std::vector<torch::Tensor> sums;
  for (std::size_t t = 0; t < tasks_.size(); ++t)
    sums.push_back(task_losses(t, outputs, index).to(torch::kFloat64).sum());
  return torch::stack(sums);
}

std::vector<double> Objective::weights(std::span<const std::uint32_t> tracks) const {
  std::vector<double> all;
  for (const Task& task : tasks_) {
    double sum = 0;
    for (const std::uint32_t track : tracks) sum += task.weight_of[track];
    all.push_back(sum);
  }
  return all;
}

double Objective::total(std::span<const double> sums, std::span<const double> weights) const {
  double total = 0;
  for (std::size_t t = 0; t < tasks_.size(); ++t) {
    if (weights[t] > 0) total += tasks_[t].weight * sums[t] / weights[t];
  }
  return total;
}

}  // namespace chorale::train
