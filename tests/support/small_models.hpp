// Every model small enough to train within seconds, and inputs for it.
#pragma once

#include "pipeline/config/model_options.hpp"
#include "pipeline/models/model.hpp"

namespace chorale::testing_support {

// Without dropout: few channels and units, as many layers as by default.
inline config::Model small_options(const std::string& name) {
  config::Model options = config::model_defaults(name);
  if (options.channels) {
    for (auto& width : *options.channels) width = width / 16 + 4;
  }
  if (options.hidden) options.hidden->assign(options.hidden->size(), 16);
  if (options.units) options.units = 12;
  if (options.dropout) options.dropout = {0};
  if (options.conv_dropout) options.conv_dropout = 0;
  if (options.rnn_dropout) options.rnn_dropout = 0;
  return options;
}

// The pools of crnn2d divide 128 bins.
inline models::InputShape small_shape(const std::string& name) {
  return {.bins = name == "crnn2d" ? 128 : 32, .frames = 32, .vector = 9};
}

inline models::Inputs random_inputs(std::int64_t batch, models::InputShape shape) {
  return {.frames = torch::randn({batch, shape.frames, shape.bins}).transpose(1, 2).unsqueeze(1),
          .vector = torch::randn({batch, shape.vector})};
}

}  // namespace chorale::testing_support
