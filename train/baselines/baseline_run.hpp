// A classical baseline from its first round to its last checkpoint.
#pragma once

#include <utility>
#include <vector>

#include "pipeline/checkpoint/run_folder.hpp"
#include "pipeline/config/experiment.hpp"
#include "train/baselines/baseline_data.hpp"
#include "train/baselines/learner.hpp"
#include "train/loop/history.hpp"
#include "train/records/board.hpp"

namespace chorale::train {

// True when `state` has all rounds, or has waited out train.patience.
bool finished_baseline(const checkpoint::State& state, const config::Experiment& experiment);

class BaselineRun {
 public:
  // All must outlive it. `state` and the learner are those of a new run.
  BaselineRun(const config::Experiment& experiment, const BaselineData& data, Learner& learner,
              checkpoint::State state);

  // Fits until finished_baseline(), then writes the history, a row a round, and the checkpoints: `best`, the
  // rounds up to the one with the best value of train.monitor on the validation part, and `epoch`, all.
  // Returns the last state. Throws Interrupted after a stop signal, with nothing written.
  checkpoint::State run();

 private:
  void close_round(double seconds);
  void save() const;

  const config::Experiment& experiment_;
  const BaselineData& data_;
  Learner& learner_;
  checkpoint::RunFolder folder_;
  checkpoint::State state_;
  std::vector<EpochRow> rows_;  // one a round
  Confusions confusions_;       // of the last round
};

}  // namespace chorale::train
