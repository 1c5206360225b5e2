// Matrices in the order in which the products of simd/products.hpp read them.
#pragma once

#include "pipeline/kernels/simd/vectors.hpp"

namespace chorale::kernels {
namespace {

// One panel of `columns` columns, of which `inside` are in the matrix.
template <class Element>
void pack_panel(const Element* b, std::int64_t row_stride, std::int64_t column_stride, std::int64_t depth,
                std::int64_t inside, std::int64_t columns, Element* packed) {
  constexpr std::int64_t kPair = kTogether<Element>;
  if (kPair == 1 && column_stride == 1 && inside == columns) {
    for (std::int64_t k = 0; k < depth; ++k) {
      __builtin_memcpy(packed + k * columns, b + k * row_stride,
                       static_cast<std::size_t>(columns) * sizeof(Element));
    }
    return;
  }
  // By rows of some columns at a time, so that what is read or written in strides stays in the cache.
  constexpr std::int64_t kRows = 16;
  for (std::int64_t first = 0; first < depth; first += kRows) {
    const std::int64_t last = smaller(round_up(depth, kPair), first + kRows);
    for (std::int64_t column = 0; column < columns; ++column) {
      for (std::int64_t k = first; k < last; ++k) {
        packed[(k / kPair * columns + column) * kPair + k % kPair] =
            column < inside && k < depth ? b[k * row_stride + column * column_stride] : Element{};
      }
    }
  }
}

// See SweepKernels::pack.
template <class Element>
void pack(const Element* b, std::int64_t row_stride, std::int64_t column_stride, std::int64_t depth,
          std::int64_t n, std::int64_t panel, Element* packed) {
  for (std::int64_t first = 0; first < n; first += panel * kLanes) {
    const std::int64_t inside = smaller(panel * kLanes, n - first), columns = round_up(inside, kLanes);
    pack_panel(b + first * column_stride, row_stride, column_stride, depth, inside, columns, packed);
    packed += columns * round_up(depth, kTogether<Element>);
  }
}

}  // namespace
}  // namespace chorale::kernels
