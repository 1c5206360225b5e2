// The loss of a batch: the weighted sum of the losses of all tasks, with missing labels left out.
//   single, key: cross entropy, with label smoothing and class weights;
//   multi:       binary cross entropy of each class, with a weight of positive labels;
//   regression:  smooth L1 (beta 1) of values standardised on the training part, which single mistakes as
//   large
//                as an octave of the tempo do not dominate.
// Each equals torch's own (reduction="mean") over the known labels of the global batch.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <span>
#include <vector>

#include "pipeline/config/experiment.hpp"
#include "pipeline/models/outputs.hpp"
#include "pipeline/samples/loader.hpp"
#include "pipeline/store/store.hpp"
#include "train/objective/label_statistics.hpp"
#include "train/objective/label_table.hpp"

namespace chorale::train {

class Objective {
 public:
  // `statistics` are of the training part, `tracks` those of the store, whose labels are kept on `device`.
  Objective(std::vector<models::Output> outputs, const config::Train& options,
            std::span<const LabelStatistics> statistics, std::span<const store::StoredTrack> tracks,
            torch::Device device = torch::kCPU);

  // What the loss of a batch depends on beside the outputs, on the device of the labels.
  struct Targets {
    torch::Tensor tracks;   // [n] int64
    torch::Tensor factors;  // [tasks] float: by what the summed losses of this rank's samples are multiplied
    torch::Tensor partners = {};  // [n] int64: the tracks whose samples were mixed in; undefined: none were
    torch::Tensor share = {};     // [n] float: how much of the loss is of the sample's own labels
  };
  Targets targets(const samples::Batch& batch) const;

  struct Result {
    torch::Tensor loss;  // scalar with a graph
    torch::Tensor
        correct;  // scalar: samples whose largest logit of the first task of kind single is the label's
  };
  // `outputs` [n, width] float of the samples of `batch`. Each task's loss is divided by the weight of the
  // known labels in the whole global batch, so that the sum over ranks is the mean, and gradients simply add
  // up; a task without label there contributes 0. Where the batch has partners, their labels count as much as
  // they were mixed in: w * L(own label) + (1 - w) * L(partner's label).
  Result operator()(const torch::Tensor& outputs, const Targets& targets) const;
  Result operator()(const torch::Tensor& outputs, const samples::Batch& batch) const {
    return (*this)(outputs, targets(batch));
  }

  // The parts of a mean over any number of batches: [tasks] summed losses of samples of these tracks, and
  // what to divide them by.
  torch::Tensor sums(const torch::Tensor& outputs, std::span<const std::uint32_t> tracks) const;
  std::vector<double> weights(std::span<const std::uint32_t> tracks) const;
  // The weighted sum over the tasks of sums / weights; a task of weight 0 is left out.
  double total(std::span<const double> sums, std::span<const double> weights) const;

  const std::vector<models::Output>& outputs() const { return outputs_; }
  const std::vector<models::Decoding>& decodings() const { return decodings_; }

 private:
  struct Task {
    double weight = 1;  // train.task_weights
    double smoothing = 0;
    torch::Tensor class_weights = {};  // [classes] float: of classes, or of positive labels; undefined: 1
    LabelTable labels = {};
    std::vector<double> weight_of = {};  // [tracks]: what a track adds to the divisor
  };

  torch::Tensor task_losses(std::size_t task, const torch::Tensor& outputs,
                            const torch::Tensor& tracks) const;
  std::vector<double> weights_of(const samples::Batch& batch) const;
  torch::Tensor count_correct(const torch::Tensor& outputs, const torch::Tensor& tracks) const;

  std::vector<models::Output> outputs_;
  std::vector<models::Decoding> decodings_;
  std::vector<Task> tasks_;
  torch::Device device_;
};

}  // namespace chorale::train
