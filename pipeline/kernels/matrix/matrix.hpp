// Matrix products on all threads, by our own kernels: of floats at::mm reaches less than half of what an AMD
// processor with AVX-512 can do; of bfloat16 about as much, but it rounds transposed products, which are sums
// over all positions, and can't add in the same pass. Products of bfloat16 go through at::mm where the
// processor has no instructions for them, or units that LibTorch makes better use of.
#pragma once

#include <torch/torch.h>

#include "pipeline/kernels/matrix/kernels.hpp"

namespace chorale::kernels {

// Whether our own kernels multiply this type here, and there is no reason to leave it to LibTorch.
bool multiplies(torch::ScalarType type);

// A matrix [depth, n] of rank 2, of any strides, packed in panels of `panel` vectors (see
// ProductKernels::pack).
torch::Tensor packed(const torch::Tensor& matrix, std::int64_t panel);

// to [rows, n] = a [rows, depth] * b [depth, n] + bias [n] (float) + addend (like `to`, and may be `to`);
// rows of `to` and `a` of stride 1; float or bfloat16. What is undefined is zero.
void multiply_into(torch::Tensor to, const torch::Tensor& a, const torch::Tensor& b,
                   const torch::Tensor& bias = {}, const torch::Tensor& addend = {});
// -> transpose of a [depth, m] * b [depth, n], float [m, n]. Elements of a row of a and b are neighbours.
torch::Tensor multiply_transposed(const torch::Tensor& a, const torch::Tensor& b);

}  // namespace chorale::kernels
