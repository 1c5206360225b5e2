// The inner loops of matrix products, compiled for several instruction sets and chosen when the program runs.
// Free of LibTorch: plain pointers, one thread, memory from the caller, who spreads rows over threads; the
// bits of a row do not depend on which others it is computed with. Strides are those from row to row.
#pragma once

#include <cstdint>

#include "pipeline/kernels/simd/bf16.hpp"

namespace chorale::kernels {

// c [rows, n] = a [rows, depth] * b + bias + addend.
template <class Element>
struct Product {
  const Element* a = nullptr;
  std::int64_t a_stride = 0;
  const Element* b = nullptr;       // packed in panels of MatrixKernels::panel
  const float* bias = nullptr;      // [n]; null: zeros
  const Element* addend = nullptr;  // like c, and may be c; null: zeros
  Element* c = nullptr;
  std::int64_t c_stride = 0;
  std::int64_t rows = 0, depth = 0, n = 0;  // depth: of Bf16 even
};

// c [m, n] = transpose of a [depth, m] * b [depth, n].
template <class Element>
struct TransposedProduct {
  const Element* a = nullptr;
  std::int64_t a_stride = 0;
  const Element* b = nullptr;
  std::int64_t b_stride = 0;
  float* c = nullptr;
  std::int64_t c_stride = 0;
  std::int64_t m = 0, n = 0, depth = 0;  // n: at most kTransposedColumns; depth: at least 1
  Element* scratch = nullptr;            // [kTransposedScratch]
};
constexpr std::int64_t kTransposedColumns = 512, kTransposedDepth = 240, kWidestPanel = 64;
constexpr std::int64_t kTransposedScratch = (kTransposedColumns + kWidestPanel) * kTransposedDepth;

template <class Element>
struct ProductKernels {
  // A matrix [depth, n] of any strides into panels of `panel` vectors: [n / (panel * lanes)][depth][panel *
  // lanes], where the last panel has as many vectors as it needs, zeros in surplus columns. Bf16: pairs of
  // rows together, [depth / 2][panel * lanes][2], zeros in a surplus row.
  void (*pack)(const Element* b, std::int64_t row_stride, std::int64_t column_stride, std::int64_t depth,
               std::int64_t n, std::int64_t panel, Element* packed);
  void (*multiply)(const Product<Element>&);
  void (*multiply_transposed)(const TransposedProduct<Element>&);
};

struct MatrixKernels {
  const char* name = "";
  std::int64_t lanes = 0, panel = 0;  // panel: of products, in vectors of `lanes`
  ProductKernels<float> fp32 = {};
  ProductKernels<Bf16> bf16 = {};  // null where the processor does not multiply bfloat16
};

// Numbers that a packed matrix takes.
inline std::int64_t packed_size(std::int64_t depth, std::int64_t n, std::int64_t panel, std::int64_t lanes) {
  const std::int64_t columns = panel * lanes;
  return (n + columns - 1) / columns * columns * ((depth + 1) / 2 * 2);
}

// Those of the best instruction set that this processor has.
const MatrixKernels& matrix_kernels();
// All that this processor can run, the best first: for tests.
struct MatrixKernelsList {
  const MatrixKernels* all[4];
  int count;
};
MatrixKernelsList runnable_matrix_kernels();

}  // namespace chorale::kernels
