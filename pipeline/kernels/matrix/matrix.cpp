#include "pipeline/kernels/matrix/matrix.hpp"

#include <ATen/Parallel.h>

#include <algorithm>

#include "pipeline/kernels/simd/processor.hpp"
#include "pipeline/kernels/tensor_data.hpp"

namespace chorale::kernels {
namespace {

using torch::Tensor;

constexpr std::int64_t kBlockBytes = 256 << 10;  // of rows of a, which stay in a thread's cache
constexpr std::int64_t kLeastRows = 48, kMostRows = 480;

bool is_bf16(const Tensor& tensor) { return tensor.scalar_type() == torch::kBFloat16; }

template <class Element>
Tensor packed_as(const Tensor& matrix, std::int64_t panel) {
  const std::int64_t depth = matrix.size(0), n = matrix.size(1), lanes = matrix_kernels().lanes;
  const std::int64_t columns = panel * lanes;
  const Tensor to =
      torch::empty({packed_size(depth, n, panel, lanes)}, matrix.options().requires_grad(false));
  at::parallel_for(0, parts(n, columns), 1, [&](std::int64_t first, std::int64_t last) {
    const std::int64_t column = first * columns, end = std::min(last * columns, n);
    const std::int64_t before = column * (sizeof(Element) == sizeof(Bf16) ? depth + depth % 2 : depth);
    kernels_for<Element>(matrix_kernels())
        .pack(data<Element>(matrix) + column * matrix.stride(1), matrix.stride(0), matrix.stride(1), depth,
              end - column, panel, writable<Element>(to) + before);
  });
  return to;
}

template <class Element>
void multiply(const Tensor& to, const Tensor& a, const Tensor& b, const Tensor& bias, const Tensor& addend) {
  const Tensor b_packed = packed_as<Element>(b, matrix_kernels().panel);
  Product<Element> whole;
  whole.a = data<Element>(a);
  whole.a_stride = a.stride(0);
  whole.b = data<Element>(b_packed);
  whole.bias = bias.defined() ? bias.const_data_ptr<float>() : nullptr;
  whole.addend = addend.defined() ? data<Element>(addend) : nullptr;
  whole.c = writable<Element>(to);
  whole.c_stride = to.stride(0);
  whole.depth = b.size(0);
  whole.n = b.size(1);
  const std::int64_t rows = to.size(0), row_bytes = whole.depth * static_cast<std::int64_t>(sizeof(Element));
  const std::int64_t most =
      std::clamp(kBlockBytes / std::max<std::int64_t>(row_bytes, 1), kLeastRows, kMostRows);
  const std::int64_t blocks = parts_for_threads(rows, most, kLeastRows, at::get_num_threads());
  at::parallel_for(0, blocks, 1, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t block = first; block < last; ++block) {
      const std::int64_t row = rows * block / blocks;
      Product<Element> part = whole;
      part.a += row * part.a_stride;
      part.c += row * part.c_stride;
      if (part.addend != nullptr) part.addend += row * part.c_stride;
      part.rows = rows * (block + 1) / blocks - row;
      kernels_for<Element>(matrix_kernels()).multiply(part);
    }
  });
}

template <class Element>
Tensor transposed(const Tensor& a, const Tensor& b) {
  const std::int64_t depth = a.size(0), m = a.size(1), n = b.size(1);
  if (depth == 0) return torch::zeros({m, n}, torch::kFloat32);
  const Tensor to = torch::empty({m, n}, torch::kFloat32);
  const std::int64_t across = parts(n, kTransposedColumns);
  std::int64_t down = 1;
  while (down < m && down * across % at::get_num_threads() != 0) ++down;
  at::parallel_for(0, down * across, 1, [&](std::int64_t first, std::int64_t last) {
    const Tensor scratch = torch::empty({kTransposedScratch}, a.options().requires_grad(false));
    for (std::int64_t part = first; part < last; ++part) {
      const std::int64_t row = m * (part / across) / down, column = n * (part % across) / across;
      TransposedProduct<Element> p;
      p.a = data<Element>(a) + row;
      p.a_stride = a.stride(0);
      p.b = data<Element>(b) + column;
      p.b_stride = b.stride(0);
      p.c = writable<float>(to) + row * n + column;
      p.c_stride = n;
      p.m = m * (part / across + 1) / down - row;
      p.n = n * (part % across + 1) / across - column;
      p.depth = depth;
      p.scratch = writable<Element>(scratch);
      kernels_for<Element>(matrix_kernels()).multiply_transposed(p);
    }
  });
  return to;
}

}  // namespace

bool multiplies(torch::ScalarType type) {
  static const bool kBf16 = matrix_kernels().bf16.multiply != nullptr && !processor_has_matrix_units();
  static const bool kFloat = matrix_kernels().lanes > 4;  // wider than the baseline
  return type == torch::kBFloat16 ? kBf16 : type == torch::kFloat32 && kFloat;
}

Tensor packed(const Tensor& matrix, std::int64_t panel) {
  return is_bf16(matrix) ? packed_as<Bf16>(matrix, panel) : packed_as<float>(matrix, panel);
}

void multiply_into(Tensor to, const Tensor& a, const Tensor& b, const Tensor& bias, const Tensor& addend) {
  TORCH_CHECK(a.size(1) == b.size(0) && to.size(0) == a.size(0) && to.size(1) == b.size(1),
              "multiply_into: the sizes ", to.sizes(), ", ", a.sizes(), " and ", b.sizes(), " do not fit");
  TORCH_CHECK(!addend.defined() || addend.strides() == to.strides(),
              "multiply_into: an addend has the strides of the result");
  if (!is_bf16(to)) return multiply<float>(to, a, b, bias, addend);
  if (multiplies(torch::kBFloat16) && b.size(0) % 2 == 0) return multiply<Bf16>(to, a, b, bias, addend);
  if (!bias.defined() && !addend.defined()) {
    at::mm_out(to, a, b);
    return;
  }
  at::addmm_out(to, addend.defined() ? addend : bias.to(to.scalar_type()), a, b);
  if (addend.defined() && bias.defined()) to.add_(bias);
}

Tensor multiply_transposed(const Tensor& a, const Tensor& b) {
  TORCH_CHECK(a.size(0) == b.size(0), "multiply_transposed: the sizes ", a.sizes(), " and ", b.sizes(),
              " do not fit");
  if (!is_bf16(a)) return transposed<float>(a, b);
  if (multiplies(torch::kBFloat16)) return transposed<Bf16>(a, b);
  return at::mm(a.t(), b).to(torch::kFloat32);
}

}  // namespace chorale::kernels
