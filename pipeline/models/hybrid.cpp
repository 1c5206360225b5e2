#include "pipeline/models/hybrid.hpp"

#include "pipeline/models/cnn.hpp"
#include "pipeline/models/hidden_layers.hpp"
#include "pipeline/models/network_input.hpp"

namespace chorale::models {

Hybrid::Hybrid(const config::Model& options, InputShape input, std::int64_t outputs) {
  const PoolSize pooled = halvings(options);
  require_size(options, input, pooled);
  frames_a_step_ = pooled.width;
  blocks_ = register_module("blocks", cnn_blocks(options));
  recurrent_ =
      register_module("recurrent", kernels::Recurrent(kernels::RecurrentOptions{
                                       .cell = kernels::Cell::kLstm,
                                       .inputs = input.bins / pooled.height * options.channels->back(),
                                       .units = *options.units,
                                       .layers = *options.layers,
                                       .directions = kernels::Directions::kBoth,
                                       .dropout = *options.rnn_dropout}));
  hidden_ = register_module("hidden", hidden_layers(2 * *options.units, *options.hidden, *options.dropout));
  add_output(options.hidden->back(), outputs);
}

torch::Tensor Hybrid::embed(const Inputs& inputs) {
  const torch::Tensor steps = steps_of(inputs.lengths, frames_a_step_);
  const torch::Tensor image = blocks_->forward(image_of(inputs, frames_a_step_));
  return hidden_->forward(final_states(recurrent_->forward(sequence_of_image(image), steps), steps));
}

}  // namespace chorale::models
