// The loss of a batch.
#pragma once

#include <torch/torch.h>

#include <vector>

#include "pipeline/config/experiment.hpp"
#include "pipeline/models/outputs.hpp"
#include "pipeline/samples/loader.hpp"
#include "pipeline/store/store.hpp"

namespace chorale::train {

class Objective {
 public:
  // `labels` [tracks of the store] int64: of the first task, -1 unknown.
  Objective(std::vector<models::Output> outputs, torch::Tensor labels);

  struct Result {
    torch::Tensor loss;     // scalar with a graph
    torch::Tensor correct;  // scalar: samples whose largest logit of the first task is the label's
  };
  // `outputs` [n, width] float of the samples of `batch`. Each loss is divided by what it has in the whole
  // global batch, so that the sum over ranks is the mean, and gradients simply add up.
  Result operator()(const torch::Tensor& outputs, const samples::Batch& batch) const;

  const std::vector<models::Output>& outputs() const { return outputs_; }

 private:
  std::vector<models::Output> outputs_;
  torch::Tensor labels_;
};

// The labels of the first task, as Objective takes them.
torch::Tensor labels_of(const store::Store& store);

}  // namespace chorale::train
