// Matrices in the order in which the products of simd/products.hpp read them; see ProductKernels::pack.
#pragma once

#include "pipeline/kernels/simd/vectors.hpp"

namespace chorale::kernels {
namespace {

// `inside` columns of rows that lie side by side, into a panel of `columns`.
inline void pack_rows(const float* b, std::int64_t row_stride, std::int64_t depth, std::int64_t inside,
                      std::int64_t columns, float* packed) {
  for (std::int64_t k = 0; k < depth; ++k, b += row_stride) {
    for (std::int64_t c = 0; c < columns; c += kLanes, packed += kLanes)
      store(packed, load(b + c, inside - c));
  }
}

// Columns whose rows lie side by side, or neither. By rows of some columns at a time, so that what is read or
// written in strides stays in the cache.
template <class Element>
void pack_strided(const Element* b, std::int64_t row_stride, std::int64_t column_stride, std::int64_t depth,
                  std::int64_t inside, std::int64_t columns, Element* packed) {
  constexpr std::int64_t kPair = kTogether<Element>, kBlock = 16;
  for (std::int64_t first = 0; first < depth; first += kBlock) {
    const std::int64_t last = smaller(round_up(depth, kPair), first + kBlock);
    for (std::int64_t column = 0; column < columns; ++column) {
      const Element* from = b + column * column_stride;
      for (std::int64_t k = first; k < last; ++k) {
        packed[(k / kPair * columns + column) * kPair + k % kPair] =
            column < inside && k < depth ? from[k * row_stride] : Element{};
      }
    }
  }
}

#if defined(__AVX512BF16__)
// The first `count` lanes; zeros in the others, and without a row.
inline Halves load_halves(const Bf16* from, std::int64_t count) {
  Halves halves = {};
  if (count >= kLanes) {
    __builtin_memcpy(&halves, from, sizeof halves);
  } else if (count > 0) {
    __builtin_memcpy(&halves, from, static_cast<std::size_t>(count) * sizeof(Bf16));
  }
  return halves;
}

inline void pack_rows(const Bf16* b, std::int64_t row_stride, std::int64_t depth, std::int64_t inside,
                      std::int64_t columns, Bf16* packed) {
  for (std::int64_t k = 0; k < depth; k += 2, b += 2 * row_stride) {
    for (std::int64_t c = 0; c < columns; c += kLanes, packed += 2 * kLanes) {
      store_together(packed, {load_halves(b + c, inside - c),
                              load_halves(b + row_stride + c, k + 1 < depth ? inside - c : 0)});
    }
  }
}

// Columns whose rows lie side by side: pairs are words already.
inline void pack_columns(const Bf16* b, std::int64_t column_stride, std::int64_t depth, std::int64_t inside,
                         std::int64_t columns, Bf16* packed) {
  constexpr std::int64_t kBlock = 32;
  for (std::int64_t first = 0; first < depth; first += kBlock) {
    const std::int64_t last = smaller(depth, first + kBlock);
    for (std::int64_t column = 0; column < columns; ++column) {
      for (std::int64_t k = first; k < last; k += 2) {
        std::uint32_t pair = 0;
        if (column < inside) __builtin_memcpy(&pair, b + column * column_stride + k, sizeof pair);
        __builtin_memcpy(packed + k * columns + 2 * column, &pair, sizeof pair);
      }
    }
  }
}
#endif

template <class Element>
void pack_panel(const Element* b, std::int64_t row_stride, std::int64_t column_stride, std::int64_t depth,
                std::int64_t inside, std::int64_t columns, Element* packed) {
  if (column_stride == 1) return pack_rows(b, row_stride, depth, inside, columns, packed);
#if defined(__AVX512BF16__)
  if constexpr (kTogether<Element> == 2) {
    if (row_stride == 1 && depth % 2 == 0)
      return pack_columns(b, column_stride, depth, inside, columns, packed);
  }
#endif
  pack_strided(b, row_stride, column_stride, depth, inside, columns, packed);
}

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
