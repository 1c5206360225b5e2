// Epochs: training steps, validation, early stopping, checkpoints, history.
#pragma once

#include "pipeline/checkpoint/run_folder.hpp"
#include "pipeline/comm/communicator.hpp"
#include "pipeline/config/experiment.hpp"
#include "train/data/training_data.hpp"
#include "train/loop/history.hpp"
#include "train/loop/validation.hpp"
#include "train/parallel/training_step.hpp"

namespace chorale::train {

// True when `state` has trained all epochs, or has waited out its patience.
bool finished(const checkpoint::State& state, const config::Train& options);

class Trainer {
 public:
  // All must outlive it. `state` is a new run's or a checkpoint's; model and optimiser are as of that state.
  Trainer(const config::Experiment& experiment, const TrainingData& data, models::Model& model,
          TrainingStep& step, comm::Communicator& communicator, checkpoint::State state);

  // Collective. Trains until finished() and returns the last state. Each epoch: steps, validation, history
  // row, best checkpoint where it is better than all before, epoch checkpoint. Throws Interrupted on all
  // ranks after a stop signal to any of them, when the step under way is done and saved; Error when the loss
  // is not finite.
  checkpoint::State run();

 private:
  void train_epoch();
  void count(const StepSums& sums, const samples::Batch& batch);
  void close_epoch(const Validation& validation);
  [[noreturn]] void save_and_stop();
  void save(checkpoint::CheckpointKind kind);
  bool is_first_rank() const { return communicator_.rank() == 0; }
  double elapsed() const;  // seconds of training, over all sessions

  const config::Experiment& experiment_;
  const config::Train& options_;
  const TrainingData& data_;
  models::Model& model_;
  TrainingStep& step_;
  comm::Communicator& communicator_;
  checkpoint::RunFolder run_;
  checkpoint::State state_;
  History history_;
  double start_, seconds_before_;
  double samples_per_second_ = 0;
};

}  // namespace chorale::train
