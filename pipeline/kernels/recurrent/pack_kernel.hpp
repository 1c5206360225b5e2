// Matrices in the order in which the products of lanes.hpp read them.
#pragma once

#include "pipeline/kernels/recurrent/lanes.hpp"

namespace chorale::kernels {
namespace {

// See SweepKernels::pack.
template <class Element>
void pack(const Element* b, std::int64_t row_stride, std::int64_t column_stride, std::int64_t depth,
          std::int64_t n, std::int64_t panel, Element* packed) {
  constexpr int kPair = kTogether<Element>;
  for (std::int64_t first = 0; first < n; first += panel * kLanes) {
    const std::int64_t columns = smaller(panel * kLanes, round_up(n - first, kLanes));
    const bool whole_rows = kPair == 1 && column_stride == 1 && columns <= n - first;
    for (std::int64_t k = 0; k < depth; k += kPair) {
      if (whole_rows) {
        __builtin_memcpy(packed, b + k * row_stride + first,
                         static_cast<std::size_t>(columns) * sizeof(Element));
        packed += columns;
        continue;
      }
      for (std::int64_t column = first; column < first + columns; ++column) {
        for (std::int64_t row = k; row < k + kPair; ++row) {
          const bool inside = column < n && row < depth;
          *packed++ = inside ? b[row * row_stride + column * column_stride] : Element{};
        }
      }
    }
  }
}

}  // namespace
}  // namespace chorale::kernels
