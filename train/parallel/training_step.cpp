#include "train/parallel/training_step.hpp"

#include <memory>
#include <thread>

#include "pipeline/models/precision.hpp"

namespace chorale::train {
namespace {

std::vector<torch::Tensor> float_buffers(const torch::nn::Module& module) {
  std::vector<torch::Tensor> buffers;
  for (const auto& buffer : module.buffers()) {
    if (buffer.scalar_type() == torch::kFloat32) buffers.push_back(buffer);
  }
  return buffers;
}

}  // namespace

TrainingStep::TrainingStep(models::Model& model, const Objective& objective, const config::Train& options,
                           comm::Communicator& communicator)
    : model_(model),
      objective_(objective),
      precision_(options.precision),
      communicator_(communicator),
      parameters_(model),
      reducer_(parameters_, communicator, options.bucket_mib),
      adam_(parameters_, {.lr = options.lr, .weight_decay = options.weight_decay}),
      statistics_(flatten(float_buffers(model))),
      sums_(torch::zeros({3}, parameters_.values().options().dtype(torch::kFloat64))) {}

// The loss, with a graph for backward; fills sums_.
torch::Tensor TrainingStep::forward(const models::Inputs& inputs, const samples::Batch& batch) {
  const models::PrecisionGuard precision(precision_, sums_.device().type());
  const auto [loss, correct] = objective_(model_.forward(inputs).to(torch::kFloat32), batch);
  sums_.select(0, 0).copy_(loss.detach());
  sums_.select(0, 1).copy_(correct);
  return loss;
}

TrainingStep::Pending TrainingStep::run(const models::Inputs& inputs, const samples::Batch& batch,
                                        std::uint64_t seed, bool stop) {
  const bool alone = communicator_.size() == 1;
  model_.train();
  parameters_.gradients().zero_();
  sums_.zero_();
  sums_.select(0, 2).fill_(stop);

  torch::Tensor loss;
  if (!batch.samples.empty()) {
    torch::manual_seed(seed);
    loss = forward(inputs, batch);
  }
  std::unique_ptr<comm::Work> sums, statistics;
  if (!alone) {
    sums = communicator_.start_allreduce(device::buffer_of(sums_));
    statistics = communicator_.start_allreduce(device::buffer_of(statistics_));
  }
  if (loss.defined()) loss.backward();
  reducer_.finalize();
  adam_.step();
  if (!alone) {
    sums->wait();
    statistics->wait();
    statistics_.div_(communicator_.size());
  }
  return {sums_, std::move(sums)};
}

StepSums TrainingStep::Pending::get() {
  while (reduced_ && !reduced_->test()) std::this_thread::yield();
  const auto* totals = sums_.wait().const_data_ptr<double>();
  return {totals[0], static_cast<std::int64_t>(totals[1]), totals[2] > 0};
}

}  // namespace chorale::train
