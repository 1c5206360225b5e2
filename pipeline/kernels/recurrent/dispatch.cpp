#include "pipeline/kernels/recurrent/sweep.hpp"

namespace chorale::kernels {

extern const Kernels kKernels_baseline;
#if defined(__x86_64__)
extern const Kernels kKernels_avx2, kKernels_avx512, kKernels_avx512bf16;
#endif

KernelsList runnable_kernels() {
  KernelsList list{{}, 0};
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  if (avx512 && __builtin_cpu_supports("avx512bf16")) list.all[list.count++] = &kKernels_avx512bf16;
  if (avx512) list.all[list.count++] = &kKernels_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    list.all[list.count++] = &kKernels_avx2;
  }
#endif
  list.all[list.count++] = &kKernels_baseline;
  return list;
}

const Kernels& kernels() {
  static const Kernels& best = *runnable_kernels().all[0];
  return best;
}

}  // namespace chorale::kernels
