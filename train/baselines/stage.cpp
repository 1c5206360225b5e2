#include "train/baselines/stage.hpp"

#include <fmt/format.h>

#include <string>

#include "pipeline/checkpoint/run_folder.hpp"
#include "pipeline/comm/rank_zero.hpp"
#include "pipeline/config/config.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/log.hpp"
#include "train/baselines/baseline_run.hpp"
#include "train/checkpoint/same_experiment.hpp"
#include "train/data/parts.hpp"
#include "train/loop/task_metrics.hpp"

namespace chorale::train {
namespace {

namespace fs = std::filesystem;

// What can be refused before a run folder is touched.
void refuse_early(const config::Experiment& experiment) {
  const auto store = open_store(experiment);
  monitored(metrics_of(models::outputs_of(store.tasks(), experiment.train.key_classes)),
            experiment.train.monitor);
  store.feature(experiment.train.vector, store::FeatureKind::kTrack);
}

checkpoint::State new_state(const config::Experiment& experiment, const BaselineData& data) {
  checkpoint::State state;
  state.model = experiment.model.name;
  state.config = config::resolved(experiment);
  state.store_hash = data.store.config_hash();
  state.split_hash = samples::split_hash(data.store, data.parts);
  state.tasks = data.store.tasks();
  state.decodings.resize(data.outputs.size());
  state.normaliser.kind = config::Normalisation::kNone;
  state.vector = data.encoder;
  return state;
}

void report(const checkpoint::State& state, const config::Experiment& experiment) {
  fmt::print("{}: {} of {} round{}, best round {} with validation {} {:.4f}, {:.1f} s\n", experiment.run.dir,
             experiment.model.name, state.epoch, state.epoch == 1 ? "" : "s", state.best_epoch,
             experiment.train.monitor, state.best_value, state.seconds);
}

// Of rank 0.
void fit(const comm::MpiSession& session, const config::Experiment& experiment, int threads,
         const std::function<void()>& write_environment) {
  const checkpoint::RunFolder run(experiment.run.dir);
  if (const auto latest = run.latest()) {
    const auto saved = checkpoint::read_state(*latest);
    require_same_experiment(saved, experiment, run.dir());
    if (finished_baseline(saved, experiment)) {
      spdlog::info("this run is finished; use --fresh to fit it again");
      report(saved, experiment);
      return;
    }
  }
  const BaselineData data = read_baseline_data(experiment);
  data.log_summary();
  if (session.size() > 1)
    spdlog::info("rank 0 fits {} alone; the other {} wait", experiment.model.name, session.size() - 1);
  runtime::write_file(run.config(), config::resolved(experiment));
  write_environment();
  const auto learner = make_learner(experiment, data, threads);
  report(BaselineRun(experiment, data, *learner, new_state(experiment, data)).run(), experiment);
}

}  // namespace

void train_baseline(const comm::MpiSession& session, const config::Experiment& experiment, Existing existing,
                    int threads, const std::function<void()>& write_environment) {
  refuse_early(experiment);
  const auto lock = lock_run(session, experiment.run.dir, existing);
  // Every rank must say of a stop that it was one, so it is not an error of rank 0.
  const std::string stopped = comm::from_rank_zero(session, [&] {
    try {
      fit(session, experiment, threads, write_environment);
    } catch (const runtime::Interrupted& interrupted) {
      return std::string(interrupted.what());
    }
    return std::string();
  });
  if (!stopped.empty()) throw runtime::Interrupted(stopped);
}

}  // namespace chorale::train
