#include "train/stage/stage.hpp"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include "pipeline/checkpoint/run_folder.hpp"
#include "pipeline/comm/lone_communicator.hpp"
#include "pipeline/comm/mpi_communicator.hpp"
#include "pipeline/comm/nccl_communicator.hpp"
#include "pipeline/comm/rank_zero.hpp"
#include "pipeline/config/config.hpp"
#include "pipeline/config/model_options.hpp"
#include "pipeline/device/choice.hpp"
#include "pipeline/device/copies.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/log.hpp"
#include "train/baselines/stage.hpp"
#include "train/checkpoint/resume.hpp"
#include "train/checkpoint/same_experiment.hpp"
#include "train/loop/task_metrics.hpp"
#include "train/loop/trainer.hpp"
#include "train/parallel/global_batch_norm.hpp"
#include "train/stage/machine.hpp"
#include "train/stage/new_model.hpp"

namespace chorale::train {
namespace fs = std::filesystem;
namespace {

void require_a_sample_for_each_rank(const comm::MpiSession& session, const config::Train& options) {
  if (options.batch_size >= session.size()) return;
  throw runtime::UsageError(
      fmt::format("train.batch_size is {}, for all ranks together, but there are {} ranks, some of which "
                  "would have nothing "
                  "to do. Raise it to {} or more, or start fewer ranks.",
                  options.batch_size, session.size(), session.size()));
}

// What can be refused before a run folder is touched.
void refuse_early(const config::Experiment& experiment) {
  const auto outputs = models::outputs_of(open_store(experiment).tasks(), experiment.train.key_classes);
  monitored(metrics_of(outputs), experiment.train.monitor);
}

checkpoint::State new_state(const config::Experiment& experiment, const TrainingData& data) {
  checkpoint::State state;
  state.model = experiment.model.name;
  state.config = config::resolved(experiment);
  state.store_hash = data.store().config_hash();
  state.split_hash = data.split_hash();
  state.tasks = data.store().tasks();
  state.bins = static_cast<std::int64_t>(data.bins());
  state.frames = static_cast<std::int64_t>(data.frames());
  state.normaliser = data.statistics().normaliser;
  state.vector = data.statistics().vector;
  return state;
}

std::unique_ptr<comm::Communicator> make_communicator(const comm::MpiSession& session, torch::Device device) {
  if (!device.is_cuda()) return comm::make_mpi_communicator(session);
  if (session.size() == 1) return comm::make_lone_communicator();
  return comm::make_nccl_communicator(session, device.index());
}

// On GPUs all ranks start their collectives in one order, and one communicator does.
std::unique_ptr<comm::Communicator> make_batch_norm_communicator(const comm::MpiSession& session,
                                                                 const config::Train& options,
                                                                 torch::Device device) {
  if (options.batch_norm == config::BatchNorm::kRank || device.is_cuda()) return nullptr;
  return comm::make_mpi_communicator(session);
}

void report(const checkpoint::State& state, const config::Experiment& experiment) {
  fmt::print("{}: {} epochs, best epoch {} with validation {} {:.4f}\n", experiment.run.dir, state.epoch,
             state.best_epoch, experiment.train.monitor, state.best_value);
}

}  // namespace

void train(const comm::MpiSession& session, const config::Experiment& experiment, Existing existing) {
  if (config::is_baseline(experiment.model.name)) {
    return train_baseline(session, experiment, existing, at::get_num_threads(), [&] {
      write_environment(checkpoint::RunFolder(experiment.run.dir).environment(), session, experiment, "CPU");
    });
  }
  require_a_sample_for_each_rank(session, experiment.train);
  const auto gpus =
      experiment.train.device == config::Device::kCpu ? device::VisibleGpus{} : device::visible_gpus();
  const auto device = device::choose_device(session, experiment.train.device, gpus);
  if (device.is_cuda()) device::repeat_exactly();
  const device::Stream stream(device);
  refuse_early(experiment);
  const checkpoint::RunFolder run(experiment.run.dir);
  const auto lock = lock_run(session, run.dir(), existing);

  const fs::path latest = comm::from_rank_zero(session, [&] { return run.latest().value_or("").string(); });
  std::optional<checkpoint::State> saved;
  if (!latest.empty()) {
    saved = checkpoint::read_state(latest);
    require_same_experiment(*saved, experiment, run.dir());
    if (finished(*saved, experiment.train)) {
      if (session.rank() == 0) {
        spdlog::info(
            "this run is finished; raise train.epochs or train.patience to train on, or use --fresh");
        report(*saved, experiment);
      }
      return;
    }
  }

  const TrainingData data(session, experiment,
                          saved ? std::optional(Statistics{saved->normaliser, saved->vector}) : std::nullopt);
  auto state = new_state(experiment, data);
  if (saved) require_same_data(*saved, state);
  const auto model =
      new_model(session, experiment, data, saved ? FirstWeights::kOfCheckpoint : FirstWeights::kOfExperiment);
  model->to(device);
  const auto communicator = make_communicator(session, device);
  const Objective objective(data.outputs(), experiment.train, data.label_statistics(), data.store().tracks(),
                            device);
  state.decodings = objective.decodings();
  const auto for_batch_norm = make_batch_norm_communicator(session, experiment.train, device);
  std::optional<GlobalBatchNorm> batch_norm;
  if (experiment.train.batch_norm == config::BatchNorm::kGlobal && communicator->size() > 1) {
    batch_norm.emplace(*model, data.shape(), for_batch_norm ? *for_batch_norm : *communicator);
  }
  TrainingStep step(*model, objective, experiment.train, *communicator, batch_norm ? &*batch_norm : nullptr);
  if (saved) {
    load_checkpoint(latest, *model, step);
    saved->config = state.config;
    state = *saved;
  }
  if (session.rank() == 0) {
    data.log_summary();
    if (saved) spdlog::info("continuing {} from {}", run.dir().string(), latest.filename().string());
    runtime::write_file(run.config(), config::resolved(experiment));
    write_environment(run.environment(), session, experiment, device::describe(device, gpus));
  }
  const auto last = Trainer(experiment, data, *model, step, *communicator, state, device).run();
  if (session.rank() == 0) report(last, experiment);
}

}  // namespace chorale::train
