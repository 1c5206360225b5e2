// Matrix products of single precision, for the instruction set that the including file is compiled for. The
// sums of an element run over the depth in order (in parts of kTransposedDepth where it is transposed).
#pragma once

#include "pipeline/kernels/recurrent/pack_kernel.hpp"

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

// sum[r][w] += a[.][r] * b[.][w], a packed as [depth][Rows], b as [depth][Width * kLanes].
template <int Rows, int Width>
[[gnu::always_inline]] inline void multiply_columns(Vec (&sum)[Rows][Width], const float* a, const float* b,
                                                    std::int64_t depth) {
  for (std::int64_t k = 0; k < depth; ++k, a += Rows, b += Width * kLanes) {
    Vec factor[Width];
#pragma GCC unroll 4
    for (int w = 0; w < Width; ++w) factor[w] = load(b + w * kLanes);
#pragma GCC unroll 8
    for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
      for (int w = 0; w < Width; ++w) sum[r][w] += a[r] * factor[w];
    }
  }
}

template <int Rows, int Width>
void transposed_tile(const TransposedProduct& p, const float* a, const float* b, std::int64_t depth,
                     std::int64_t row, std::int64_t column, bool begins) {
  Vec sum[Rows][Width];
#pragma GCC unroll 8
  for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
    for (int w = 0; w < Width; ++w) {
      const std::int64_t at = column + w * kLanes;
      sum[r][w] = begins ? Vec{} : load(p.c + (row + r) * p.c_stride + at, p.n - at);
    }
  }
  multiply_columns(sum, a, b, depth);
#pragma GCC unroll 8
  for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
    for (int w = 0; w < Width; ++w) {
      const std::int64_t at = column + w * kLanes;
      store(p.c + (row + r) * p.c_stride + at, sum[r][w], p.n - at);
    }
  }
}

// Rows [first, first + rows) of the transpose of a, at depths [from, from + depth), into [depth][rows].
template <int Rows>
void pack_columns(const TransposedProduct& p, std::int64_t from, std::int64_t depth, std::int64_t first,
                  float* packed) {
  const float* a = p.a + from * p.a_stride + first;
  for (std::int64_t k = 0; k < depth; ++k, a += p.a_stride, packed += Rows) {
    for (int r = 0; r < Rows; ++r) packed[r] = a[r];
  }
}

inline void multiply_transposed(const TransposedProduct& p) {
  constexpr int kRows = kTileRows<4>;
  float* const packed_a = p.scratch;
  float* const packed_b = p.scratch + kTransposedM * kTransposedDepth;
  for (std::int64_t from = 0; from < p.depth; from += kTransposedDepth) {
    const std::int64_t depth = smaller(kTransposedDepth, p.depth - from);
    in_tiles<kRows>(p.m, [&](std::int64_t row, auto rows) {
      pack_columns<decltype(rows)::value>(p, from, depth, row, packed_a + row * depth);
    });
    pack(p.b + from * p.b_stride, p.b_stride, 1, depth, p.n, 4, packed_b);
    in_panels<4>((p.n + kLanes - 1) / kLanes, [&](std::int64_t panel, auto width) {
      const std::int64_t column = panel * 4 * kLanes;
      in_tiles<kRows>(p.m, [&](std::int64_t row, auto rows) {
        transposed_tile<decltype(rows)::value, decltype(width)::value>(
            p, packed_a + row * depth, packed_b + column * depth, depth, row, column, from == 0);
      });
    });
  }
  if (p.depth == 0) {
    for (std::int64_t row = 0; row < p.m; ++row) {
      for (std::int64_t column = 0; column < p.n; ++column) p.c[row * p.c_stride + column] = 0.0f;
    }
  }
}

}  // namespace
}  // namespace chorale::kernels
