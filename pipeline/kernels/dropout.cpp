#include "pipeline/kernels/dropout.hpp"

#include "pipeline/kernels/conv_tail.hpp"

namespace chorale::kernels {

// What follows a convolution, without all but the dropout.
torch::Tensor drop_values(const torch::Tensor& x, double probability) {
  if (probability == 0) return x;
  const torch::Tensor image = x.reshape({1, -1, 1, x.size(-1)}).permute({0, 3, 1, 2});
  const ConvTailOptions options{.activation = Activation::kNone, .pool = {1, 1}, .dropout = probability};
  return conv_tail(image, std::nullopt, options).permute({0, 2, 3, 1}).reshape(x.sizes());
}

}  // namespace chorale::kernels
