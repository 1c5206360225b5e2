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

}  // namespace chorale::features
