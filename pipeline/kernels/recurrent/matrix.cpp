#include "pipeline/kernels/recurrent/matrix.hpp"

#include <ATen/Parallel.h>

#include <algorithm>

namespace chorale::kernels {
namespace {

constexpr std::int64_t kPanel = 4;
constexpr std::int64_t kRowsATask = 48;

void multiply(const torch::Tensor& to, const torch::Tensor& a, const torch::Tensor& b, const float* addend,
              std::int64_t addend_stride) {
  const torch::Tensor b_packed = packed(b, kPanel);
  Product whole;
  whole.a = a.const_data_ptr<float>();
  whole.a_stride = a.stride(0);
  whole.b = b_packed.const_data_ptr<float>();
  whole.addend = addend;
  whole.addend_stride = addend_stride;
  whole.c = to.mutable_data_ptr<float>();
  whole.c_stride = to.stride(0);
  whole.depth = b.size(0);
  whole.n = b.size(1);
  at::parallel_for(0, to.size(0), kRowsATask, [&](std::int64_t first, std::int64_t last) {
    Product part = whole;
    part.a += first * part.a_stride;
    part.c += first * part.c_stride;
    if (part.addend != nullptr) part.addend += first * part.addend_stride;
    part.rows = last - first;
    kernels().multiply(part);
  });
}

std::int64_t parts(std::int64_t whole, std::int64_t most) { return (whole + most - 1) / most; }

}  // namespace

torch::Tensor packed(const torch::Tensor& matrix, std::int64_t panel) {
  const std::int64_t depth = matrix.size(0), n = matrix.size(1);
  const torch::Tensor to =
      torch::empty({packed_size(depth, n, panel, kernels().lanes)}, matrix.options().requires_grad(false));
  if (matrix.scalar_type() == torch::kBFloat16) {
    kernels().bf16.pack(static_cast<const Bf16*>(matrix.const_data_ptr()), matrix.stride(0), matrix.stride(1),
                        depth, n, panel, static_cast<Bf16*>(to.mutable_data_ptr()));
  } else {
    kernels().fp32.pack(matrix.const_data_ptr<float>(), matrix.stride(0), matrix.stride(1), depth, n, panel,
                        to.mutable_data_ptr<float>());
  }
  return to;
}

void multiply_into(torch::Tensor to, const torch::Tensor& a, const torch::Tensor& b,
                   const torch::Tensor& bias) {
  if (to.scalar_type() == torch::kFloat32) {
    multiply(to, a, b, bias.const_data_ptr<float>(), 0);
  } else {
    at::addmm_out(to, bias.to(to.scalar_type()), a, b);
  }
}

void multiply_onto(torch::Tensor to, const torch::Tensor& a, const torch::Tensor& b) {
  if (to.scalar_type() == torch::kFloat32) {
    multiply(to, a, b, to.const_data_ptr<float>(), to.stride(0));
  } else {
    to.addmm_(a, b);
  }
}

torch::Tensor multiply_transposed(const torch::Tensor& a, const torch::Tensor& b) {
  const std::int64_t depth = a.size(0), m = a.size(1), n = b.size(1);
  if (a.scalar_type() != torch::kFloat32) return at::mm(a.t(), b).to(torch::kFloat32);
  const torch::Tensor to = torch::empty({m, n}, a.options());
  const std::int64_t across = parts(n, kTransposedN);
  std::int64_t down = parts(m, kTransposedM);
  while (down < m && down * across % at::get_num_threads() != 0) ++down;
  at::parallel_for(0, down * across, 1, [&](std::int64_t first, std::int64_t last) {
    const torch::Tensor scratch = torch::empty({kTransposedScratch}, a.options());
    for (std::int64_t part = first; part < last; ++part) {
      const std::int64_t row = m * (part / across) / down, column = n * (part % across) / across;
      TransposedProduct p;
      p.a = a.const_data_ptr<float>() + row;
      p.a_stride = a.stride(0);
      p.b = b.const_data_ptr<float>() + column;
      p.b_stride = b.stride(0);
      p.c = to.mutable_data_ptr<float>() + row * n + column;
      p.c_stride = n;
      p.m = m * (part / across + 1) / down - row;
      p.n = n * (part % across + 1) / across - column;
      p.depth = depth;
      p.scratch = scratch.mutable_data_ptr<float>();
      kernels().multiply_transposed(p);
    }
  });
  return to;
}

}  // namespace chorale::kernels
