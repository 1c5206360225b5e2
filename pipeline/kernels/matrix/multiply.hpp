// Matrix products, for the instruction set that the including file is compiled for. The sums of an element
// run over the depth in order, in parts of kTransposedDepth where it is transposed.
#pragma once

#include "pipeline/kernels/matrix/kernels.hpp"
#include "pipeline/kernels/matrix/pack.hpp"
#include "pipeline/kernels/simd/products.hpp"

namespace chorale::kernels {
namespace {

template <class Element>
void multiply_rows(const Product<Element>& p) {
  Tile<Element, Element> tile;
  tile.a_stride = p.a_stride;
  tile.depth = p.depth;
  tile.c_stride = p.c_stride;
  in_panels<kPanelVectors>((p.n + kLanes - 1) / kLanes, [&](std::int64_t panel, auto width) {
    const std::int64_t column = panel * kPanel;
    tile.b = p.b + column * p.depth;
    tile.bias = p.bias == nullptr ? nullptr : p.bias + column;
    tile.columns = p.n - column;
    in_tiles<kRows>(p.rows, [&](std::int64_t row, auto rows) {
      tile.a = p.a + row * p.a_stride;
      tile.c = p.c + row * p.c_stride + column;
      tile.addend = p.addend == nullptr ? nullptr : p.addend + row * p.c_stride + column;
      multiply_tile<decltype(rows)::value, decltype(width)::value>(tile);
    });
  });
}

static_assert(kPanel <= kWidestPanel && kTransposedColumns % kLanes == 0 && kTransposedDepth % 2 == 0);

template <class Element>
void multiply_transposed(const TransposedProduct<Element>& p) {
  Element* const packed_b = p.scratch;
  Element* const panel_of_a = p.scratch + kTransposedColumns * kTransposedDepth;
  for (std::int64_t from = 0; from < p.depth; from += kTransposedDepth) {
    const std::int64_t given = smaller(kTransposedDepth, p.depth - from);
    const std::int64_t depth = round_up(given, kTogether<Element>);
    pack(p.b + from * p.b_stride, p.b_stride, 1, given, p.n, kPanelVectors, packed_b);
    for (std::int64_t row = 0; row < p.m; row += kPanel) {
      const std::int64_t rows = smaller(kPanel, p.m - row);
      pack(p.a + from * p.a_stride + row, p.a_stride, 1, given, rows, kPanelVectors, panel_of_a);
      add_transposed_panel(panel_of_a, rows, packed_b, p.n, depth, p.c + row * p.c_stride, p.c_stride,
                           from == 0);
    }
  }
}

}  // namespace
}  // namespace chorale::kernels
