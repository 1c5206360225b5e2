// Matrix products of recurrent layers over all frames at once, on all threads. Floats are multiplied by our
// own kernels (at::mm reaches less than half of what an AMD processor with AVX-512 can do), bfloat16 by
// at::mm.
#pragma once

#include <torch/torch.h>

#include "pipeline/kernels/recurrent/sweep.hpp"

namespace chorale::kernels {

// A matrix [depth, n] of rank 2, of any strides, packed for a sweep or a product (see SweepKernels::pack).
torch::Tensor packed(const torch::Tensor& matrix, std::int64_t panel);

// to [rows, n] = a [rows, depth] * b [depth, n] + bias [n], rows of `to` and `a` of stride 1; float or
// bfloat16.
void multiply_into(torch::Tensor to, const torch::Tensor& a, const torch::Tensor& b,
                   const torch::Tensor& bias);
// to += a * b.
void multiply_onto(torch::Tensor to, const torch::Tensor& a, const torch::Tensor& b);
// -> transpose of a [depth, m] * b [depth, n], float [m, n]. Elements of a row of a and b are neighbours.
torch::Tensor multiply_transposed(const torch::Tensor& a, const torch::Tensor& b);

}  // namespace chorale::kernels
