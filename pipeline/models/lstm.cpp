#include "pipeline/models/lstm.hpp"

#include "pipeline/models/hidden_layers.hpp"
#include "pipeline/models/network_input.hpp"

namespace chorale::models {

BidirectionalRecurrent::BidirectionalRecurrent(const config::Model& options, kernels::Cell cell,
                                               InputShape input, std::int64_t outputs) {
  recurrent_ = register_module(
      "recurrent", kernels::Recurrent(kernels::RecurrentOptions{.cell = cell,
                                                                .inputs = input.bins,
                                                                .units = *options.units,
                                                                .layers = *options.layers,
                                                                .directions = kernels::Directions::kBoth,
                                                                .dropout = *options.rnn_dropout}));
  hidden_ = register_module("hidden", hidden_layers(2 * *options.units, *options.hidden, *options.dropout));
  add_output(options.hidden->back(), outputs);
}

torch::Tensor BidirectionalRecurrent::embed(const Inputs& inputs) {
  return hidden_->forward(
      final_states(recurrent_->forward(sequence_of(inputs), inputs.lengths), inputs.lengths));
}

}  // namespace chorale::models
