#pragma once

#include <torch/torch.h>

namespace chorale::kernels {

// A convolution of images that take another way, too, as in a residual block. The gradient that comes back
// that way is added where the convolution computes its own, not in a pass over both.
struct Fork {
  torch::Tensor convolved, images;
};

}  // namespace chorale::kernels
