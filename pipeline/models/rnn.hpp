// `rnn`: LSTM over frames (MusicGenrePulse). The reference names no dropout: that of its `crnn2d`.
#pragma once

#include "pipeline/kernels/recurrent.hpp"
#include "pipeline/models/model.hpp"

namespace chorale::models {

// The last valid step is kept.
class Rnn : public Model {
 public:
  Rnn(const config::Model& options, InputShape input, std::int64_t outputs);
  torch::Tensor embed(const Inputs& inputs) override;

 private:
  kernels::Recurrent recurrent_{nullptr};
  torch::nn::Dropout dropout_{nullptr};
};

}  // namespace chorale::models
