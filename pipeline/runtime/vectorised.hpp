// How hot loops are compiled.
#pragma once

// Before the definition of a function: compiled for the baseline and for AVX2, chosen when the program
// starts. The bits are the same: the loop's own order of summation decides, and nothing is contracted into
// fused multiply-adds (cmake/ChoraleCompiler.cmake). Sanitizers start too late for the resolver that chooses.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define CHORALE_VECTORISED __attribute__((target_clones("avx2", "default")))
#else
#define CHORALE_VECTORISED
#endif
