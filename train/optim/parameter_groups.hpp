// Which parameters share a learning rate and a weight decay.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "pipeline/config/experiment.hpp"
#include "train/parallel/flat_parameters.hpp"

namespace chorale::train {

struct ParameterGroup {
  double lr_factor = 1.0;
  double weight_decay = 0.0;
  std::vector<std::pair<std::int64_t, std::int64_t>> ranges;  // [begin, end) of the flat tensors, ascending
};

// By train.weight_decay, train.decay and train.layer_lr, of which the longest prefix of a parameter's name
// counts. A prefix is whole components of a name: "layer1" is no prefix of "layer10.weight". Adjacent
// parameters of a group are one range. Throws UsageError for a prefix that no trained parameter has, with the
// names there are.
std::vector<ParameterGroup> parameter_groups(const FlatParameters& parameters, const config::Train& options);

// The group's parts of `flat` [n], as views.
std::vector<torch::Tensor> parts_of(const torch::Tensor& flat, const ParameterGroup& group);

}  // namespace chorale::train
