// `lstm` and `gru`: a bidirectional recurrent network over frames, hidden layer (CSCI 1470). Frames are the
// steps. The reference does not say what is kept of the sequence nor how the classifier drops out: the final
// state of each direction, and as in `cnn`.
#pragma once

#include "pipeline/kernels/recurrent.hpp"
#include "pipeline/models/model.hpp"

namespace chorale::models {

// Clips of any length are read to their last valid frame.
class BidirectionalRecurrent : public Model {
 public:
  BidirectionalRecurrent(const config::Model& options, kernels::Cell cell, InputShape input,
                         std::int64_t outputs);
  torch::Tensor embed(const Inputs& inputs) override;

 private:
  kernels::Recurrent recurrent_{nullptr};
  torch::nn::Sequential hidden_{nullptr};
};

struct Lstm : BidirectionalRecurrent {
  Lstm(const config::Model& options, InputShape input, std::int64_t outputs)
      : BidirectionalRecurrent(options, kernels::Cell::kLstm, input, outputs) {}
};

struct Gru : BidirectionalRecurrent {
  Gru(const config::Model& options, InputShape input, std::int64_t outputs)
      : BidirectionalRecurrent(options, kernels::Cell::kGru, input, outputs) {}
};

}  // namespace chorale::models
