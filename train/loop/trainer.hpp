// Epochs: training steps, validation, early stopping, checkpoints, history.
#pragma once

#include <deque>
#include <utility>

#include "pipeline/checkpoint/run_folder.hpp"
#include "pipeline/comm/communicator.hpp"
#include "pipeline/config/experiment.hpp"
#include "train/data/feed.hpp"
#include "train/data/training_data.hpp"
#include "train/loop/history.hpp"
#include "train/loop/validation.hpp"
#include "train/parallel/training_step.hpp"
#include "train/records/board.hpp"

namespace chorale::train {

// True when `state` has trained all epochs, or has waited out its patience.
bool finished(const checkpoint::State& state, const config::Train& options);

class Trainer {
 public:
  // All must outlive it. `state` is a new run's or a checkpoint's; model and optimiser are as of that state,
  // the model on `device`. Precondition: validation measures train.monitor.
  Trainer(const config::Experiment& experiment, const TrainingData& data, models::Model& model,
          TrainingStep& step, comm::Communicator& communicator, checkpoint::State state,
          torch::Device device = torch::kCPU);

  // Collective. Trains until finished() and returns the last state. Each epoch: steps, validation, history
  // row, best checkpoint where it is better than all before, epoch checkpoint. Throws Interrupted on all
  // ranks after a stop signal to any of them, when the step under way is done and saved; Error when the loss
  // is not finite.
  checkpoint::State run();

 private:
  // A step whose sums have not been read yet. On a GPU the last one is left to it while the next is prepared.
  struct UnderWay {
    TrainingStep::Pending pending;
    std::vector<std::uint32_t> tracks;  // of the global batch
    double lr;
  };

  void train_epoch();
  std::optional<Validation> validate_epoch();
  void take_sums(std::size_t left);
  void count(const StepSums& sums, const UnderWay& step);
  void require_finite(const StepSums& sums, const UnderWay& step) const;
  void close_epoch(const Validation& validation);
  [[noreturn]] void save_and_stop();
  void save(checkpoint::CheckpointKind kind);
  bool is_first_rank() const { return communicator_.rank() == 0; }
  double elapsed() const;  // seconds of training, over all sessions
  void say_first_step();

  const config::Experiment& experiment_;
  const config::Train& options_;
  const TrainingData& data_;
  models::Model& model_;
  TrainingStep& step_;
  comm::Communicator& communicator_;
  torch::Device device_;
  Feed feed_;
  std::deque<UnderWay> under_way_;
  checkpoint::RunFolder run_;
  checkpoint::State state_;
  std::optional<History> history_;  // of the first rank, and so the next
  std::optional<Board> board_;
  double start_, seconds_before_;
  double seconds_of_epochs_ = 0;  // that are done
  double lr_ = 0;                 // of the last step
  double samples_per_second_ = 0;
  double data_wait_ = 0, step_seconds_ = 0;  // of the epoch's steps
};

}  // namespace chorale::train
