// `multitask_rnn`: a bidirectional LSTM over sequences of features, two hidden layers, all tasks from the
// last (music-classification-model). Of the backward direction it keeps, as the reference does, the output at
// the last step.
#pragma once

#include "pipeline/kernels/recurrent.hpp"
#include "pipeline/models/model.hpp"

namespace chorale::models {

// Clips of any length: the last step is the last valid frame.
class MultitaskRnn : public Model {
 public:
  MultitaskRnn(const config::Model& options, InputShape input, std::int64_t outputs);
  torch::Tensor embed(const Inputs& inputs) override;

 private:
  kernels::Recurrent recurrent_{nullptr};
  torch::nn::Sequential hidden_{nullptr};
};

}  // namespace chorale::models
