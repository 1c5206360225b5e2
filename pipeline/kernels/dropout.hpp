// Dropout on all threads of a CPU: LibTorch draws its masks on one, which takes a tenth of a recurrent
// network's step.
#pragma once

#include <torch/torch.h>

namespace chorale::kernels {

// `x` [..., features], each value 0 with `probability` and else divided by the rest. The mask is a function
// of one number that is drawn from torch's default generator: the same bits on any number of threads.
torch::Tensor drop_values(const torch::Tensor& x, double probability);

}  // namespace chorale::kernels
