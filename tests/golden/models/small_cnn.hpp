// The network of make_goldens.py.
#pragma once

#include "pipeline/config/model_options.hpp"
#include "pipeline/models/model.hpp"
#include "support/tensors.hpp"

namespace chorale::testing_support {

inline std::shared_ptr<models::Model> small_cnn(config::Norm norm) {
  config::Model options = config::model_defaults("cnn");
  options.channels = {6, 10};
  options.hidden = {12};
  options.conv_dropout = 0;
  options.dropout = {0};
  options.norm = norm;
  return models::make_model(options, {13, 18}, 5);
}

inline Tensors small_cnn_golden(config::Norm norm) {
  return read_tensors(golden_file(norm == config::Norm::kBatch ? "models/training_step_batch.safetensors"
                                                               : "models/training_step_none.safetensors"));
}

}  // namespace chorale::testing_support
