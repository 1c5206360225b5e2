#include "train/parallel/training_step.hpp"

#include <algorithm>
#include <memory>
#include <thread>

#include "pipeline/models/precision.hpp"
#include "train/optim/clip_norm.hpp"
#include "train/parallel/batch_part.hpp"

namespace chorale::train {
TrainingStep::TrainingStep(models::Model& model, const Objective& objective, const config::Train& options,
                           comm::Communicator& communicator, GlobalBatchNorm* batch_norm)
    : model_(model),
      objective_(objective),
      precision_(options.precision),
      communicator_(communicator),
      parameters_(model),
      reducer_(parameters_, communicator, options.bucket_mib),
      parts_(options.accumulate),
      max_norm_(options.clip_norm),
      optimizer_(make_optimizer(parameters_, options)),
      batch_norm_(batch_norm),
      statistics_(model, communicator),
      sums_(torch::zeros({4}, parameters_.values().options().dtype(torch::kFloat64))) {
  if (options.ema > 0) average_.emplace(parameters_.values(), options.ema);
  const bool record = sums_.is_cuda() && options.cuda_graphs != config::CudaGraphs::kOff && parts_ == 1 &&
                      batch_norm_ == nullptr;
  if (!record || !can_be_recorded(model)) return;
  recorded_.emplace([this](const models::Inputs& inputs, const Objective::Targets& targets) {
    reducer_.hold(true);
    forward(inputs, targets).backward();
    reducer_.hold(false);
  });
}

// The loss, with a graph for backward; adds to sums_.
torch::Tensor TrainingStep::forward(const models::Inputs& inputs, const Objective::Targets& targets) {
  const models::PrecisionGuard precision(precision_, sums_.device().type());
  const auto [loss, correct] = objective_(model_.forward(inputs).to(torch::kFloat32), targets);
  sums_.select(0, 0).add_(loss.detach());
  sums_.select(0, 1).add_(correct);
  return loss;
}

// Goes through all parts of the batch; of the last one, backward is left to the caller.
torch::Tensor TrainingStep::forward_in_parts(const models::Inputs& inputs,
                                             const Objective::Targets& targets) {
  const std::int64_t n = targets.tracks.size(0), parts = std::min(parts_, n);
  if (parts <= 1) return forward(inputs, targets);
  const auto forward_part = [&](std::int64_t p) {
    const std::int64_t first = n * p / parts, last = n * (p + 1) / parts;
    return forward(part_of(inputs, first, last), part_of(targets, first, last));
  };
  reducer_.hold(true);
  for (std::int64_t p = 0; p + 1 < parts; ++p) forward_part(p).backward();
  reducer_.hold(false);
  return forward_part(parts - 1);
}

void TrainingStep::update_weights(double lr) {
  if (max_norm_ > 0) sums_.select(0, 3).copy_(clip_norm(parameters_.gradients(), max_norm_));
  optimizer_->step(lr);
  if (average_) average_->update();
}

TensorState TrainingStep::own_state() const {
  TensorState state = optimizer_->state();
  if (average_) state.emplace("average", average_->average());
  return state;
}

TensorState TrainingStep::state() const {
  TensorState state = own_state();
  for (auto& [name, tensor] : state)
    tensor = is_flat(tensor) ? parameters_.to_file_order(tensor) : tensor.clone();
  return state;
}

void TrainingStep::restore(const TensorState& state) {
  const torch::NoGradGuard no_grad;
  for (auto& [name, tensor] : own_state()) {
    const torch::Tensor& saved = state.at(name);
    if (is_flat(tensor)) {
      parameters_.from_file_order(saved.to(tensor.device()), tensor);
    } else {
      torch::Tensor(tensor).copy_(saved);
    }
  }
}

// Nothing to learn from, but a part in the sums of the others.
torch::Tensor TrainingStep::forward_without_samples(const models::Inputs& empty) {
  const models::PrecisionGuard precision(precision_, sums_.device().type());
  return 0 * model_.forward(batch_norm_->stand_in(empty)).to(torch::kFloat32).sum();
}

TrainingStep::Pending TrainingStep::run(const models::Inputs& inputs, const samples::Batch& batch, double lr,
                                        std::uint64_t seed, bool stop) {
  const bool alone = communicator_.size() == 1;
  model_.train();
  parameters_.gradients().zero_();
  sums_.zero_();
  sums_.select(0, 2).fill_(stop);

  const bool samples = !batch.samples.empty();
  if (batch_norm_ != nullptr) {
    batch_norm_->begin_forward(samples ? GlobalBatchNorm::Samples::kSome : GlobalBatchNorm::Samples::kNone);
  }
  if (!alone) statistics_.begin();
  torch::Tensor loss;
  torch::manual_seed(seed);
  if (samples) {
    const auto targets = objective_.targets(batch);
    if (!recorded_ || !recorded_->run(inputs, targets)) loss = forward_in_parts(inputs, targets);
  } else if (batch_norm_ != nullptr) {
    loss = forward_without_samples(inputs);
  }
  std::unique_ptr<comm::Work> sums;
  if (!alone) {
    sums = communicator_.start_allreduce(device::buffer_of(sums_.narrow(0, 0, 3)));
    statistics_.start_reduce(static_cast<double>(batch.samples.size()) /
                             static_cast<double>(batch.global_count));
  }
  if (batch_norm_ != nullptr) batch_norm_->begin_backward();
  if (loss.defined()) loss.backward();
  reducer_.finalize();
  update_weights(lr);
  if (!alone) {
    sums->wait();
    statistics_.finish();
  }
  return {sums_, std::move(sums)};
}

StepSums TrainingStep::Pending::get() {
  while (reduced_ && !reduced_->test()) std::this_thread::yield();
  const auto* totals = sums_.wait().const_data_ptr<double>();
  return {totals[0], static_cast<std::int64_t>(totals[1]), totals[2] > 0, totals[3]};
}

}  // namespace chorale::train
