// Hidden layers between what a network has made of its input and its last layer.
#pragma once

#include <torch/torch.h>

#include <vector>

#include "pipeline/config/experiment.hpp"

namespace chorale::models {

// One layer a width: linear, batch normalisation where `norm` says so, ReLU, dropout. Numbered as in a
// torch.nn.Sequential of these parts. `dropout` has one number, or one for each width.
torch::nn::Sequential hidden_layers(std::int64_t inputs, const std::vector<std::int64_t>& widths,
                                    const std::vector<double>& dropout,
                                    config::Norm norm = config::Norm::kNone);

}  // namespace chorale::models
