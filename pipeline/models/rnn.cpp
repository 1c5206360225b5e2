#include "pipeline/models/rnn.hpp"

#include "pipeline/models/network_input.hpp"

namespace chorale::models {

Rnn::Rnn(const config::Model& options, InputShape input, std::int64_t outputs) {
  recurrent_ = register_module(
      "recurrent", kernels::Recurrent(kernels::RecurrentOptions{.cell = kernels::Cell::kLstm,
                                                                .inputs = input.bins,
                                                                .units = *options.units,
                                                                .layers = *options.layers,
                                                                .dropout = *options.rnn_dropout}));
  dropout_ = register_module("dropout", torch::nn::Dropout(options.dropout->front()));
  add_output(*options.units, outputs);
}

torch::Tensor Rnn::embed(const Inputs& inputs) {
  return dropout_->forward(recurrent_->last(sequence_of(inputs), inputs.lengths));
}

}  // namespace chorale::models
