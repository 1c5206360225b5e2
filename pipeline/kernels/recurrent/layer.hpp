// One layer of an LSTM or GRU, one or both directions, as one autograd operation on the CPU.
#pragma once

#include <torch/torch.h>

#include <vector>

#include "pipeline/kernels/recurrent/sweep.hpp"

namespace chorale::kernels {

enum class Result {
  kSequence,  // outputs of all frames
  kLast,      // output of each sample's last valid frame, and nothing computed that it does not need
};

// Weights of one direction, named and shaped as torch's: [gates * units, inputs], [gates * units, units],
// [gates * units] twice. Single precision.
struct DirectionWeights {
  torch::Tensor ih, hh, bias_ih, bias_hh;
};

struct LayerCall {
  Cell cell = Cell::kLstm;
  Result result = Result::kSequence;
  torch::Tensor lengths = {};  // [batch] int64 on the CPU, 1 to frames; undefined: all frames are valid
};

// input [frames, batch, inputs], float or bfloat16, on the CPU; `weights` forward, then reverse where there
// is one. -> [frames, batch, units * directions], zeros beyond a sample's length, or [batch, units *
// directions]; of the type of `input`, in which products are computed (where the processor multiplies
// bfloat16; else float). Initial states are zero.
torch::Tensor recurrent_layer(const torch::Tensor& input, const std::vector<DirectionWeights>& weights,
                              const LayerCall& call);

}  // namespace chorale::kernels
