// Vectors of the instruction set that the including file is compiled for, and the few functions of them that
// recurrent kernels need. Only for the files that are compiled once for each instruction set: everything has
// internal linkage and nothing of the standard library is instantiated, so no code for a newer processor can
// be linked into what runs on an older one.
#pragma once

#include <cstdint>

#include "pipeline/kernels/recurrent/sweep.hpp"

#if defined(__AVX512BF16__)
#include <immintrin.h>
#endif

namespace chorale::kernels {
namespace {

#if defined(__AVX512F__)
constexpr int kLanes = 16;
constexpr int kRegisters = 32;
#elif defined(__AVX2__)
constexpr int kLanes = 8;
constexpr int kRegisters = 16;
#else
constexpr int kLanes = 4;
constexpr int kRegisters = 16;
#endif

typedef float Vec __attribute__((vector_size(kLanes * sizeof(float))));

template <int N>
struct Count {
  static constexpr int value = N;
};

// Rows of a tile of `Width` vectors a row whose sums, with the vectors that are multiplied, stay in
// registers.
template <int Width>
constexpr int kTileRows = (kRegisters - 4) / (Width > 3 ? Width : 3) - (kRegisters > 16 ? 1 : 0);

inline std::int64_t smaller(std::int64_t a, std::int64_t b) { return a < b ? a : b; }
inline std::int64_t round_up(std::int64_t n, std::int64_t step) { return (n + step - 1) / step * step; }

inline Vec broadcast(float x) { return x - Vec{}; }

inline Vec load(const float* from) {
  Vec x;
  __builtin_memcpy(&x, from, sizeof x);
  return x;
}

inline void store(float* to, Vec x) { __builtin_memcpy(to, &x, sizeof x); }

#if defined(__AVX512BF16__)
inline Vec load(const Bf16* from) {
  typedef std::uint16_t Halves __attribute__((vector_size(kLanes * sizeof(std::uint16_t))));
  typedef std::uint32_t Bits __attribute__((vector_size(kLanes * sizeof(std::uint32_t))));
  Halves halves;
  __builtin_memcpy(&halves, from, sizeof halves);
  return reinterpret_cast<Vec>(__builtin_convertvector(halves, Bits) << 16);
}

inline void store(Bf16* to, Vec x) {
  const __m256bh rounded = _mm512_cvtneps_pbh(reinterpret_cast<__m512>(x));
  __builtin_memcpy(to, &rounded, sizeof rounded);
}
#endif

// The first `count` lanes; zeros in the others.
template <class Element>
Vec load(const Element* from, std::int64_t count) {
  if (count >= kLanes) return load(from);
  Element lanes[kLanes] = {};
  __builtin_memcpy(lanes, from, static_cast<std::size_t>(count) * sizeof(Element));
  return load(lanes);
}

template <class Element>
void store(Element* to, Vec x, std::int64_t count) {
  if (count >= kLanes) return store(to, x);
  Element lanes[kLanes];
  store(lanes, x);
  __builtin_memcpy(to, lanes, static_cast<std::size_t>(count) * sizeof(Element));
}

template <class T, int N>
[[gnu::always_inline]] inline void copy(T (&to)[N], const T (&from)[N]) {
#pragma GCC unroll 8
  for (int i = 0; i < N; ++i) to[i] = from[i];
}

template <class T, int N, int M>
[[gnu::always_inline]] inline void copy(T (&to)[N][M], const T (&from)[N][M]) {
#pragma GCC unroll 8
  for (int i = 0; i < N; ++i) copy(to[i], from[i]);
}

// Numbers of a row that are multiplied at once.
template <class Element>
constexpr int kTogether = 1;

// A function of its own keeps the sums in registers, whatever surrounds it.
#define CHORALE_TILE [[gnu::noinline]] static

// sum[r][w] += a[r] * b, b packed as [depth][Width * kLanes].
template <int Rows, int Width>
CHORALE_TILE void multiply(Vec (&sum)[Rows][Width], const float* const (&rows)[Rows], const float* b,
                           std::int64_t depth) {
  Vec own[Rows][Width];
  const float* a[Rows];
  copy(own, sum);
  copy(a, rows);
  for (std::int64_t k = 0; k < depth; ++k, b += Width * kLanes) {
    Vec factor[Width];
#pragma GCC unroll 4
    for (int w = 0; w < Width; ++w) factor[w] = load(b + w * kLanes);
#pragma GCC unroll 8
    for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
      for (int w = 0; w < Width; ++w) own[r][w] += a[r][k] * factor[w];
    }
  }
  copy(sum, own);
}

// The same with a packed as [depth][Rows].
template <int Rows, int Width>
CHORALE_TILE void multiply_columns(Vec (&sum)[Rows][Width], const float* a, const float* b,
                                   std::int64_t depth) {
  Vec own[Rows][Width];
  copy(own, sum);
  for (std::int64_t k = 0; k < depth; ++k, a += Rows, b += Width * kLanes) {
    Vec factor[Width];
#pragma GCC unroll 4
    for (int w = 0; w < Width; ++w) factor[w] = load(b + w * kLanes);
#pragma GCC unroll 8
    for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
      for (int w = 0; w < Width; ++w) own[r][w] += a[r] * factor[w];
    }
  }
  copy(sum, own);
}

#if defined(__AVX512BF16__)
template <>
constexpr int kTogether<Bf16> = 2;

// b packed as [depth / 2][Width * kLanes][2]; depth is even.
template <int Rows, int Width>
CHORALE_TILE void multiply(Vec (&sum)[Rows][Width], const Bf16* const (&rows)[Rows], const Bf16* b,
                           std::int64_t depth) {
  Vec own[Rows][Width];
  const Bf16* a[Rows];
  copy(own, sum);
  copy(a, rows);
  for (std::int64_t k = 0; k < depth; k += 2, b += 2 * Width * kLanes) {
    __m512bh factor[Width];
#pragma GCC unroll 4
    for (int w = 0; w < Width; ++w) __builtin_memcpy(&factor[w], b + 2 * w * kLanes, sizeof factor[w]);
#pragma GCC unroll 8
    for (int r = 0; r < Rows; ++r) {
      std::int32_t pair;
      __builtin_memcpy(&pair, a[r] + k, sizeof pair);
      const __m512bh both = reinterpret_cast<__m512bh>(_mm512_set1_epi32(pair));
#pragma GCC unroll 4
      for (int w = 0; w < Width; ++w) {
        own[r][w] =
            reinterpret_cast<Vec>(_mm512_dpbf16_ps(reinterpret_cast<__m512>(own[r][w]), factor[w], both));
      }
    }
  }
  copy(sum, own);
}
#endif

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

// The rational function of degrees 13 and 6 that Eigen uses (generic_fast_tanh_float), without branches; NaN
// stays NaN. Largest error against the exact value 3e-7.
inline Vec tanh(Vec x) {
  const Vec limit = broadcast(7.99881172180175781f);
  x = x > limit ? limit : x;
  x = x < -limit ? -limit : x;
  const Vec square = x * x;
  Vec p = square * -2.76076847742355e-16f + 2.00018790482477e-13f;
  p = square * p - 8.60467152213735e-11f;
  p = square * p + 5.12229709037114e-08f;
  p = square * p + 1.48572235717979e-05f;
  p = square * p + 6.37261928875436e-04f;
  p = square * p + 4.89352455891786e-03f;
  Vec q = square * 1.19825839466702e-06f + 1.18534705686654e-04f;
  q = square * q + 2.26843463243900e-03f;
  q = square * q + 4.89352518554385e-03f;
  return x * p / q;
}

inline Vec sigmoid(Vec x) { return tanh(x * 0.5f) * 0.5f + 0.5f; }

}  // namespace
}  // namespace chorale::kernels
