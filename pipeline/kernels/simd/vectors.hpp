// Vectors of the instruction set that the including file is compiled for. Only for the files that are
// compiled once for each instruction set: everything has internal linkage and nothing of the standard library
// is instantiated, so no code for a newer processor can be linked into what runs on an older one.
#pragma once

#include <cstdint>

#include "pipeline/kernels/simd/bf16.hpp"

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
typedef std::uint16_t Halves __attribute__((vector_size(kLanes * sizeof(std::uint16_t))));
typedef std::uint32_t Bits __attribute__((vector_size(kLanes * sizeof(std::uint32_t))));

inline Vec load(const Bf16* from) {
  Halves halves;
  __builtin_memcpy(&halves, from, sizeof halves);
  return reinterpret_cast<Vec>(__builtin_convertvector(halves, Bits) << 16);
}

// To the nearest, ties to even.
inline Halves rounded(Vec x) {
  return reinterpret_cast<Halves>(_mm512_cvtneps_pbh(reinterpret_cast<__m512>(x)));
}

inline void store(Bf16* to, Vec x) {
  const Halves halves = rounded(x);
  __builtin_memcpy(to, &halves, sizeof halves);
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

#if defined(__AVX512BF16__)
template <>
constexpr int kTogether<Bf16> = 2;
#endif

// One row, or two whose numbers then lie side by side.
inline void store_together(float* to, const Vec (&rows)[1]) { store(to, rows[0]); }
#if defined(__AVX512BF16__)
inline void store_together(Bf16* to, const Halves (&rows)[2]) {
  const Bits low = __builtin_convertvector(rows[0], Bits), high = __builtin_convertvector(rows[1], Bits);
  const Bits pairs = low | (high << 16);
  __builtin_memcpy(to, &pairs, sizeof pairs);
}
inline void store_together(Bf16* to, const Vec (&rows)[2]) {
  store_together(to, {rounded(rows[0]), rounded(rows[1])});
}
#endif

}  // namespace
}  // namespace chorale::kernels
