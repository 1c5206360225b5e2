// One step of data parallel training: forward, loss, backward, reduction, optimiser.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "pipeline/comm/communicator.hpp"
#include "pipeline/config/experiment.hpp"
#include "pipeline/device/copies.hpp"
#include "pipeline/models/model.hpp"
#include "pipeline/samples/loader.hpp"
#include "train/objective/objective.hpp"
#include "train/optim/optimizer.hpp"
#include "train/optim/weight_average.hpp"
#include "train/parallel/flat_parameters.hpp"
#include "train/parallel/global_batch_norm.hpp"
#include "train/parallel/gradient_reducer.hpp"
#include "train/parallel/recorded_pass.hpp"
#include "train/parallel/running_statistics.hpp"

namespace chorale::train {

// Over all ranks; the same bits on each.
struct StepSums {
  double loss = 0;           // of the global batch
  std::int64_t correct = 0;  // samples whose largest logit is the label's
  bool stop = false;         // some rank asks to stop after this step
  double gradient_norm = 0;  // L2, before clipping; 0 without train.clip_norm
};

class TrainingStep {
 public:
  // The sums of a step, which a GPU may still be computing.
  class Pending {
   public:
    Pending(const torch::Tensor& sums, std::unique_ptr<comm::Work> reduced)
        : reduced_(std::move(reduced)), sums_(sums) {}
    // Waits for them.
    StepSums get();

   private:
    std::unique_ptr<comm::Work> reduced_;
    device::Download sums_;
  };

  // Flattens parameters and buffers of `model`, which is on the device to train on. All must outlive it.
  // `batch_norm`: null where a rank normalises with its own part of the batch.
  TrainingStep(models::Model& model, const Objective& objective, const config::Train& options,
               comm::Communicator& communicator, GlobalBatchNorm* batch_norm = nullptr);

  // Collective. On a GPU it returns when the work has been handed over. `inputs` and `batch` are this rank's
  // part of the global batch, which may have no sample. The random numbers of the step (dropout) are a
  // function of `seed`, which should differ between ranks.
  Pending run(const models::Inputs& inputs, const samples::Batch& batch, double lr, std::uint64_t seed,
              bool stop);

  const Objective& objective() const { return objective_; }
  // What has to be saved beside the model: the optimiser's tensors, and "average" with train.ema; copies, in
  // the order of files.
  TensorState state() const;
  // Goes on from state() of such a step.
  void restore(const TensorState& state);
  // With which the model is evaluated; null: with the weights themselves.
  const WeightAverage* average() const { return average_ ? &*average_ : nullptr; }

 private:
  torch::Tensor forward(const models::Inputs& inputs, const Objective::Targets& targets);
  torch::Tensor forward_in_parts(const models::Inputs& inputs, const Objective::Targets& targets);
  torch::Tensor forward_without_samples(const models::Inputs& empty);
  void update_weights(double lr);
  TensorState own_state() const;
  bool is_flat(const torch::Tensor& tensor) const { return tensor.numel() == parameters_.values().numel(); }

  models::Model& model_;
  const Objective& objective_;
  config::Precision precision_;
  comm::Communicator& communicator_;
  FlatParameters parameters_;
  GradientReducer reducer_;
  std::int64_t parts_;
  double max_norm_;
  std::unique_ptr<Optimizer> optimizer_;
  std::optional<WeightAverage> average_;
  GlobalBatchNorm* batch_norm_;
  RunningStatistics statistics_;
  torch::Tensor sums_;  // float64 [4]: loss, correct, stop, which are summed over ranks; gradient norm
  std::optional<RecordedPass> recorded_;
};

}  // namespace chorale::train
