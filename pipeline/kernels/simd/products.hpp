// Tiles of matrix products whose sums stay in registers.
#pragma once

#include "pipeline/kernels/simd/vectors.hpp"

namespace chorale::kernels {
namespace {

template <int N>
struct Count {
  static constexpr int value = N;
};

// Rows of a tile of `Width` vectors a row whose sums, with the vectors that are multiplied, stay in
// registers.
template <int Width>
constexpr int kTileRows = (kRegisters - 4) / (Width > 3 ? Width : 3) - (kRegisters > 16 ? 1 : 0);

// What a vector of sums is multiplied from: kLanes numbers, or of bfloat16 kLanes pairs whose products are
// added up.
template <class Element>
struct FactorOf {
  using Type = Vec;
};
#if defined(__AVX512BF16__)
template <>
struct FactorOf<Bf16> {
  using Type = __m512bh;
};
#endif
template <class Element>
using Factor = typename FactorOf<Element>::Type;

inline Factor<float> factor(const float* from) { return load(from); }
inline Factor<float> same_factor(const float* from) { return broadcast(*from); }
inline Vec add_product(Vec sum, Factor<float> a, Factor<float> b) { return sum + a * b; }

#if defined(__AVX512BF16__)
inline Factor<Bf16> factor(const Bf16* from) {
  Factor<Bf16> pairs;
  __builtin_memcpy(&pairs, from, sizeof pairs);
  return pairs;
}
inline Factor<Bf16> same_factor(const Bf16* from) {
  std::int32_t pair;
  __builtin_memcpy(&pair, from, sizeof pair);
  return reinterpret_cast<Factor<Bf16>>(_mm512_set1_epi32(pair));
}
inline Vec add_product(Vec sum, Factor<Bf16> a, Factor<Bf16> b) {
  return reinterpret_cast<Vec>(_mm512_dpbf16_ps(reinterpret_cast<__m512>(sum), a, b));
}
#endif

// sum[r][w] += a[r] * b over the depth, which of bfloat16 is even: at(r, k) is the address of a[r][k], b
// packed as [depth][Width * kLanes], of bfloat16 as [depth / 2][Width * kLanes][2].
template <class Element, int Rows, int Width, class At>
[[gnu::always_inline]] inline void add_products(Vec (&sum)[Rows][Width], const Element* b, std::int64_t depth,
                                                const At& at) {
  constexpr int kStep = kTogether<Element>;
  for (std::int64_t k = 0; k < depth; k += kStep, b += kStep * Width * kLanes) {
    Factor<Element> factors[Width];
#pragma GCC unroll 4
    for (int w = 0; w < Width; ++w) factors[w] = factor(b + kStep * w * kLanes);
#pragma GCC unroll 8
    for (int r = 0; r < Rows; ++r) {
      const Factor<Element> same = same_factor(at(r, k));
#pragma GCC unroll 4
      for (int w = 0; w < Width; ++w) sum[r][w] = add_product(sum[r][w], same, factors[w]);
    }
  }
}

// A function of its own keeps the sums in registers, whatever surrounds it.
#define CHORALE_TILE [[gnu::noinline]] static
#define CHORALE_INLINE_LAMBDA __attribute__((always_inline))

template <class Element, int Rows, int Width>
CHORALE_TILE void multiply(Vec (&sum)[Rows][Width], const Element* const (&rows)[Rows], const Element* b,
                           std::int64_t depth) {
  Vec own[Rows][Width];
  const Element* a[Rows];
  copy(own, sum);
  copy(a, rows);
  add_products(own, b, depth, [&](int r, std::int64_t k) CHORALE_INLINE_LAMBDA { return a[r] + k; });
  copy(sum, own);
}

// Calls f(tile's first row, Count<rows>) for tiles of nearly equal height, none higher than `Most`.
template <int Most, class F>
void call_with_rows(std::int64_t first, std::int64_t rows, const F& f) {
  if (rows == Most) {
    f(first, Count<Most>{});
  } else if constexpr (Most > 1) {
    call_with_rows<Most - 1>(first, rows, f);
  }
}

template <int Most, class F>
void in_tiles(std::int64_t rows, const F& f) {
  const std::int64_t tiles = (rows + Most - 1) / Most;
  for (std::int64_t tile = 0; tile < tiles; ++tile) {
    const std::int64_t first = rows * tile / tiles;
    call_with_rows<Most>(first, rows * (tile + 1) / tiles - first, f);
  }
}

// Calls f(panel, Count<width>) for the panels of `vectors` vectors, each of `Most` but the last.
template <int Most, class F>
void in_panels(std::int64_t vectors, const F& f) {
  for (std::int64_t panel = 0; panel * Most < vectors; ++panel) {
    const std::int64_t width = smaller(Most, vectors - panel * Most);
    if (width == Most) {
      f(panel, Count<Most>{});
    } else if constexpr (Most > 1) {
      if (width == 1) f(panel, Count<1>{});
      if constexpr (Most > 2) {
        if (width == 2) f(panel, Count<2>{});
      }
      if constexpr (Most > 3) {
        if (width == 3) f(panel, Count<3>{});
      }
    }
  }
}

// A panel of columns, and the rows above it, whose sums stay in registers.
constexpr int kPanelVectors = kRegisters > 16 ? 4 : 2, kRows = 6;
constexpr std::int64_t kPanel = kPanelVectors * kLanes;

// c = a * b + bias + addend: rows of a tile, over `columns` columns of a panel. Strides are those from
// row to row.
template <class Element, class Out>
struct Tile {
  const Element* a = nullptr;
  std::int64_t a_stride = 0;
  const Element* b = nullptr;  // [depth][panel], of bfloat16 [depth / 2][panel][2]
  std::int64_t depth = 0;
  const float* bias = nullptr;  // null: zeros
  const Out* addend = nullptr;  // like c, and may be c; null: zeros
  Out* c = nullptr;
  std::int64_t c_stride = 0, columns = 0;
};

// c [Rows, columns] = sums + bias + addend; load_at and store_at take an address and its first column.
template <int Rows, int Width, class Out, class Load, class Store>
[[gnu::always_inline]] inline void finish(const Vec (&sum)[Rows][Width], const float* bias, const Out* addend,
                                          Out* c, std::int64_t c_stride, const Load& load_at,
                                          const Store& store_at) {
#pragma GCC unroll 8
  for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
    for (int w = 0; w < Width; ++w) {
      const int column = w * kLanes;
      Vec result = sum[r][w];
      if (bias != nullptr) result += load_at(bias + column, column);
      if (addend != nullptr) result += load_at(addend + r * c_stride + column, column);
      store_at(c + r * c_stride + column, result, column);
    }
  }
}

// Of fewer columns than the vectors have. Apart, since its calls would cost the sums their registers.
template <int Rows, int Width, class Out>
CHORALE_TILE void finish_partly(const Vec (&sum)[Rows][Width], const float* bias, const Out* addend, Out* c,
                                std::int64_t c_stride, std::int64_t columns) {
  finish(
      sum, bias, addend, c, c_stride,
      [&](const auto* from, int column) { return load(from, columns - column); },
      [&](Out* to, Vec x, int column) { store(to, x, columns - column); });
}

template <int Rows, int Width, class Out>
[[gnu::always_inline]] inline void finish_tile(const Vec (&sum)[Rows][Width], const float* bias,
                                               const Out* addend, Out* c, std::int64_t c_stride,
                                               std::int64_t columns) {
  if (columns < Width * kLanes) {
    Vec rest[Rows][Width];
    copy(rest, sum);
    return finish_partly(rest, bias, addend, c, c_stride, columns);
  }
  finish(
      sum, bias, addend, c, c_stride, [](const auto* from, int) CHORALE_INLINE_LAMBDA { return load(from); },
      [](Out* to, Vec x, int) CHORALE_INLINE_LAMBDA { store(to, x); });
}

template <int Rows, int Width, class Element, class Out>
CHORALE_TILE void multiply_tile(const Tile<Element, Out>& t) {
  Vec sum[Rows][Width] = {};
  add_products(sum, t.b, t.depth,
               [a = t.a, stride = t.a_stride](int r, std::int64_t k)
                   CHORALE_INLINE_LAMBDA { return a + r * stride + k; });
  finish_tile(sum, t.bias, t.addend, t.c, t.c_stride, t.columns);
}

// c [Rows, columns] = transpose of a [depth, Rows] * b (+ c, unless this begins the sums), a of a panel of
// `a_panel` columns.
template <int Rows, int Width, class Element>
CHORALE_TILE void add_transposed_tile(const Element* a, std::int64_t a_panel, const Element* b,
                                      std::int64_t depth, float* c, std::int64_t c_stride,
                                      std::int64_t columns, bool begins) {
  Vec sum[Rows][Width] = {};
  add_products(sum, b, depth, [&](int r, std::int64_t k) CHORALE_INLINE_LAMBDA {
    return a + k * a_panel + r * kTogether<Element>;
  });
  finish_tile(sum, nullptr, begins ? nullptr : static_cast<const float*>(c), c, c_stride, columns);
}

// c [m, n] = transpose of a [depth, m] * b [depth, n] (+ c, unless this begins the sums), both packed in
// panels of kPanel columns, of which the last has as many whole vectors as it needs; m is at most one panel.
// Of bfloat16 depth is even.
template <class Element>
void add_transposed_panel(const Element* a, std::int64_t m, const Element* b, std::int64_t n,
                          std::int64_t depth, float* c, std::int64_t c_stride, bool begins) {
  in_panels<kPanelVectors>((n + kLanes - 1) / kLanes, [&](std::int64_t panel, auto width) {
    in_tiles<kRows>(m, [&](std::int64_t row, auto rows) {
      add_transposed_tile<decltype(rows)::value, decltype(width)::value>(
          a + row * kTogether<Element>, round_up(m, kLanes), b + panel * kPanel * depth, depth,
          c + row * c_stride + panel * kPanel, c_stride, n - panel * kPanel, begins);
    });
  });
}

}  // namespace
}  // namespace chorale::kernels
