// How hot loops are compiled, and vectors for those that a compiler does not find by itself.
#pragma once

#include <cstring>

// Before the definition of a function: compiled for the baseline and for AVX2, chosen when the program
// starts. The bits are the same: the loop's own order of summation decides, and nothing is contracted into
// fused multiply-adds (cmake/ChoraleCompiler.cmake). Sanitizers start too late for the resolver that chooses.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define CHORALE_VECTORISED __attribute__((target_clones("avx2", "default")))
#else
#define CHORALE_VECTORISED
#endif

namespace chorale::features {

// A machine with narrower vectors takes two for one of these.
using Float4 [[gnu::vector_size(16)]] = float;
using Float8 [[gnu::vector_size(32)]] = float;
using Double4 [[gnu::vector_size(32)]] = double;

// Unaligned. By reference, and in memory as floats: these types are passed and aligned differently from one
// clone of a function to the other.
[[gnu::always_inline]] inline void load(const float* from, Float4& to) { std::memcpy(&to, from, sizeof to); }

[[gnu::always_inline]] inline void load(const float* from, Float8& to) { std::memcpy(&to, from, sizeof to); }

[[gnu::always_inline]] inline void store(const Float8& from, float* to) {
  std::memcpy(to, &from, sizeof from);
}

[[gnu::always_inline]] inline void load(const float* from, Double4& to) {
  Float4 narrow;
  std::memcpy(&narrow, from, sizeof narrow);
  to = __builtin_convertvector(narrow, Double4);
}

}  // namespace chorale::features
