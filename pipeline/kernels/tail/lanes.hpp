// Vectors of single precision numbers, as wide as the processor that the including file is compiled for (see
// CMakeLists.txt). Nothing here has linkage, and nothing of the standard library is instantiated: a function
// that the linker shares between files could be one that this processor cannot execute.
#pragma once

#include <cstdint>
#include <cstring>

#include "pipeline/kernels/tail/kernels.hpp"

#define CHORALE_INLINE_LAMBDA __attribute__((always_inline))

namespace chorale::kernels {
namespace {

#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512VL__)
constexpr int kLanes = 16;
#elif defined(__AVX2__)
constexpr int kLanes = 8;
#else
constexpr int kLanes = 4;
#endif

using Floats __attribute__((vector_size(4 * kLanes))) = float;
using Words __attribute__((vector_size(4 * kLanes))) = std::uint32_t;
using Ints __attribute__((vector_size(4 * kLanes))) = std::int32_t;
using Halves __attribute__((vector_size(2 * kLanes))) = std::uint16_t;
using Bytes __attribute__((vector_size(kLanes))) = std::uint8_t;

struct Bfloat16 {
  std::uint16_t bits;
};

// How many of the lanes are used: all, or the first few at the end of a row of channels.
struct Whole {
  static constexpr std::size_t used = kLanes;
};
struct Part {
  std::size_t used;
};

template <class Vector, class T, class Lanes>
CHORALE_INLINE Vector load_raw(const T* from, Lanes lanes) {
  Vector vector = {};
  std::memcpy(&vector, from, lanes.used * sizeof(T));
  return vector;
}

template <class Lanes>
CHORALE_INLINE Floats load(const float* from, Lanes lanes) {
  return load_raw<Floats>(from, lanes);
}

template <class Lanes>
CHORALE_INLINE Floats load(const Bfloat16* from, Lanes lanes) {
  return reinterpret_cast<Floats>(__builtin_convertvector(load_raw<Halves>(from, lanes), Words) << 16);
}

template <class Lanes>
CHORALE_INLINE Ints load(const std::uint8_t* from, Lanes lanes) {
  return __builtin_convertvector(load_raw<Bytes>(from, lanes), Ints);
}

template <class Lanes>
CHORALE_INLINE void store(float* to, Floats values, Lanes lanes) {
  std::memcpy(to, &values, lanes.used * sizeof(float));
}

// Rounds to nearest, ties to even.
template <class Lanes>
CHORALE_INLINE void store(Bfloat16* to, Floats values, Lanes lanes) {
  const auto bits = reinterpret_cast<Words>(values);
  const Words rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  const Halves halves = __builtin_convertvector(values == values ? rounded : rounded * 0u + 0x7fc0u, Halves);
  std::memcpy(to, &halves, lanes.used * sizeof(Bfloat16));
}

template <class Lanes>
CHORALE_INLINE void store(std::uint8_t* to, Ints values, Lanes lanes) {
  const Bytes bytes = __builtin_convertvector(values, Bytes);
  std::memcpy(to, &bytes, lanes.used);
}

// to[i] += values[i].
template <class Lanes>
CHORALE_INLINE void add_to(double* to, Floats values, Lanes lanes) {
  alignas(Floats) float single[kLanes];
  std::memcpy(single, &values, sizeof(values));
  for (std::size_t i = 0; i < lanes.used; ++i) to[i] += static_cast<double>(single[i]);
}

// body(first channel, lanes) for the channels of one position, a vector at a time.
template <class Body>
CHORALE_INLINE void over_channels(std::int64_t channels, Body body) {
  std::int64_t c = 0;
  for (; c + kLanes <= channels; c += kLanes) body(c, Whole{});
  if (c < channels) body(c, Part{static_cast<std::size_t>(channels - c)});
}

CHORALE_INLINE Floats splat(float value) { return Floats{} + value; }

// exp(x) - 1 for x <= 0, to 2 units in the last place: 2^n (e^r - 1) + (2^n - 1) with |r| <= ln(2)/2, and the
// Taylor series of e^r - 1 to the 8th power.
CHORALE_INLINE Floats exp_minus_1(Floats x) {
  const Floats bounded = x < -87.0f ? splat(-87.0f) : x;
  const Ints n = __builtin_convertvector(bounded * 1.44269504f - 0.5f, Ints);  // truncates towards 0: nearest
  const Floats whole = __builtin_convertvector(n, Floats);
  const Floats r = (bounded - whole * 0.693359375f) + whole * 2.12194440e-4f;
  Floats series = splat(1.0f / 40320);
  series = series * r + 1.0f / 5040;
  series = series * r + 1.0f / 720;
  series = series * r + 1.0f / 120;
  series = series * r + 1.0f / 24;
  series = series * r + 1.0f / 6;
  series = series * r + 0.5f;
  series = series * r * r + r;
  const auto power = reinterpret_cast<Floats>((n + 127) << 23);
  const Floats result = power * series + (power - 1.0f);
  return x == x ? result : x;
}

template <Activation kind>
CHORALE_INLINE Floats activate(Floats x) {
  if constexpr (kind == Activation::kRelu) return x < 0.0f ? splat(0.0f) : x;
  if constexpr (kind == Activation::kElu) return x > 0.0f ? x : exp_minus_1(x);
  return x;
}

// The gradient of x from that of y = activate(x).
template <Activation kind>
CHORALE_INLINE Floats activation_gradient(Floats x, Floats y, Floats gradient) {
  if constexpr (kind == Activation::kRelu) return y > 0.0f ? gradient : splat(0.0f);
  if constexpr (kind == Activation::kElu) return x > 0.0f ? gradient : gradient * (y + 1.0f);
  return gradient;
}

}  // namespace
}  // namespace chorale::kernels
