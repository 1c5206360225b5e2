// Matrix products of single precision, for the instruction set that the including file is compiled for. The
// sums of an element run over the depth in order (in parts of kTransposedDepth where it is transposed).
#pragma once

#include "pipeline/kernels/recurrent/pack_kernel.hpp"
#include "pipeline/kernels/recurrent/sweep.hpp"
#include "pipeline/kernels/simd/products.hpp"

namespace chorale::kernels {
namespace {

template <int Rows, int Width>
void product_tile(const Product& p, std::int64_t row, std::int64_t panel) {
  const std::int64_t column = panel * 4 * kLanes;
  Vec sum[Rows][Width];
  const float* a[Rows];
#pragma GCC unroll 8
  for (int r = 0; r < Rows; ++r) {
    a[r] = p.a + (row + r) * p.a_stride;
#pragma GCC unroll 4
    for (int w = 0; w < Width; ++w) {
      const std::int64_t at = column + w * kLanes;
      sum[r][w] = p.addend == nullptr ? Vec{} : load(p.addend + (row + r) * p.addend_stride + at, p.n - at);
    }
  }
  multiply(sum, a, p.b + column * p.depth, p.depth);
#pragma GCC unroll 8
  for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
    for (int w = 0; w < Width; ++w) {
      const std::int64_t at = column + w * kLanes;
      store(p.c + (row + r) * p.c_stride + at, sum[r][w], p.n - at);
    }
  }
}

inline void multiply_rows(const Product& p) {
  in_panels<4>((p.n + kLanes - 1) / kLanes, [&](std::int64_t panel, auto width) {
    constexpr int kWidth = decltype(width)::value;
    in_tiles<kTileRows<kWidth>>(p.rows, [&](std::int64_t row, auto rows) {
      product_tile<decltype(rows)::value, kWidth>(p, row, panel);
    });
  });
}

// Heights of transposed tiles are all the same, so that a row of `a` is packed by whole vectors.
constexpr int kColumns = kTileRows<3>;

// `rows` of the tile's kColumns rows are of c.
template <int Width>
void transposed_tile(const TransposedProduct& p, const float* a, const float* b, std::int64_t depth,
                     std::int64_t row, std::int64_t column, bool begins) {
  const std::int64_t rows = smaller(kColumns, p.m - row);
  Vec sum[kColumns][Width] = {};
  for (std::int64_t r = 0; r < rows && !begins; ++r) {
    for (int w = 0; w < Width; ++w) {
      const std::int64_t at = column + w * kLanes;
      sum[r][w] = load(p.c + (row + r) * p.c_stride + at, p.n - at);
    }
  }
  multiply_columns(sum, a, b, depth);
  for (std::int64_t r = 0; r < rows; ++r) {
    for (int w = 0; w < Width; ++w) {
      const std::int64_t at = column + w * kLanes;
      store(p.c + (row + r) * p.c_stride + at, sum[r][w], p.n - at);
    }
  }
}

// Depths [from, from + depth) of a into [m / kColumns][depth][kColumns].
inline void pack_columns(const TransposedProduct& p, std::int64_t from, std::int64_t depth, float* packed) {
  constexpr std::int64_t kAhead = 4;
  for (std::int64_t k = 0; k < depth; ++k) {
    const float* a = p.a + (from + k) * p.a_stride;
    float* to = packed + k * kColumns;
    if (k + kAhead < depth) {
      for (std::int64_t row = 0; row < p.m; row += 16) __builtin_prefetch(a + kAhead * p.a_stride + row);
    }
    for (std::int64_t row = 0; row < p.m; row += kColumns, to += depth * kColumns) {
      if (row + kColumns <= p.m) {
        __builtin_memcpy(to, a + row, kColumns * sizeof(float));
      } else {
        for (std::int64_t r = 0; r < kColumns; ++r) to[r] = row + r < p.m ? a[row + r] : 0.0f;
      }
    }
  }
}

inline void multiply_transposed(const TransposedProduct& p) {
  constexpr int kPanel = 3;
  float* const packed_a = p.scratch;
  float* const packed_b = p.scratch + kTransposedM * kTransposedDepth;
  for (std::int64_t from = 0; from < p.depth; from += kTransposedDepth) {
    const std::int64_t depth = smaller(kTransposedDepth, p.depth - from);
    pack_columns(p, from, depth, packed_a);
    pack(p.b + from * p.b_stride, p.b_stride, 1, depth, p.n, kPanel, packed_b);
    in_panels<kPanel>((p.n + kLanes - 1) / kLanes, [&](std::int64_t panel, auto width) {
      const std::int64_t column = panel * kPanel * kLanes;
      for (std::int64_t row = 0; row < p.m; row += kColumns) {
        transposed_tile<decltype(width)::value>(p, packed_a + row * depth, packed_b + column * depth, depth,
                                                row, column, from == 0);
      }
    });
  }
}

}  // namespace
}  // namespace chorale::kernels
