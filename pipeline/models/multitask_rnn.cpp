#include "pipeline/models/multitask_rnn.hpp"

#include "pipeline/models/hidden_layers.hpp"
#include "pipeline/models/network_input.hpp"

namespace chorale::models {

MultitaskRnn::MultitaskRnn(const config::Model& options, InputShape input, std::int64_t outputs) {
  recurrent_ = register_module(
      "recurrent", kernels::Recurrent(kernels::RecurrentOptions{.cell = kernels::Cell::kLstm,
                                                                .inputs = input.bins,
                                                                .units = *options.units,
                                                                .layers = *options.layers,
                                                                .directions = kernels::Directions::kBoth,
                                                                .dropout = *options.rnn_dropout}));
  hidden_ = register_module("hidden", hidden_layers(2 * *options.units, *options.hidden, *options.dropout));
  add_output(options.hidden->back(), outputs);
}

torch::Tensor MultitaskRnn::embed(const Inputs& inputs) {
  return hidden_->forward(recurrent_->last(sequence_of(inputs), inputs.lengths));
}

}  // namespace chorale::models
