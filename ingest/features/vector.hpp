// Vectors for hot loops that a compiler does not make any of by itself.
#pragma once

#include <cstring>

#include "pipeline/runtime/vectorised.hpp"

namespace chorale::features {

// A machine with narrower vectors takes two for one of these.
using Float4 [[gnu::vector_size(16)]] = float;
using Float8 [[gnu::vector_size(32)]] = float;
using Double4 [[gnu::vector_size(32)]] = double;

// Unaligned. By reference, and in memory as floats: these types are passed and aligned differently from one
// clone of a function to the other.
[[gnu::always_inline]] inline void load(const float* from, Float4& to) { std::memcpy(&to, from, sizeof to); }

[[gnu::always_inline]] inline void load(const float* from, Float8& to) { std::memcpy(&to, from, sizeof to); }

[[gnu::always_inline]] inline void store(const Float4& from, float* to) {
  std::memcpy(to, &from, sizeof from);
}

[[gnu::always_inline]] inline void store(const Float8& from, float* to) {
  std::memcpy(to, &from, sizeof from);
}

[[gnu::always_inline]] inline void load(const float* from, Double4& to) {
  Float4 narrow;
  std::memcpy(&narrow, from, sizeof narrow);
  to = __builtin_convertvector(narrow, Double4);
}

// Four rows of four floats, turned over.
[[gnu::always_inline]] inline void transpose(const float* const (&from)[4], float* const (&to)[4]) {
  Float4 a, b, c, d;
  load(from[0], a);
  load(from[1], b);
  load(from[2], c);
  load(from[3], d);
  const Float4 ab = __builtin_shufflevector(a, b, 0, 4, 1, 5), cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  const Float4 ab2 = __builtin_shufflevector(a, b, 2, 6, 3, 7),
               cd2 = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  store(__builtin_shufflevector(ab, cd, 0, 1, 4, 5), to[0]);
  store(__builtin_shufflevector(ab, cd, 2, 3, 6, 7), to[1]);
  store(__builtin_shufflevector(ab2, cd2, 0, 1, 4, 5), to[2]);
  store(__builtin_shufflevector(ab2, cd2, 2, 3, 6, 7), to[3]);
}

}  // namespace chorale::features
