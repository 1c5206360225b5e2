#include "pipeline/kernels/simd/processor.hpp"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace chorale::kernels {

bool processor_has(InstructionSet set) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  switch (set) {
    case InstructionSet::kAvx512Bf16:
      return processor_has(InstructionSet::kAvx512) && __builtin_cpu_supports("avx512bf16");
    case InstructionSet::kAvx512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    case InstructionSet::kAvx2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  }
#endif
  static_cast<void>(set);
  return false;
}

bool processor_has_matrix_units() {
#if defined(__x86_64__)
  constexpr unsigned kAmxBf16 = 1U << 22U;  // of leaf 7
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (d & kAmxBf16) != 0;
#else
  return false;
#endif
}

}  // namespace chorale::kernels
