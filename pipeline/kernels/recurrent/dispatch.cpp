#include "pipeline/kernels/recurrent/sweep.hpp"
#include "pipeline/kernels/simd/processor.hpp"

namespace chorale::kernels {

extern const Kernels kKernels_baseline;
#if defined(__x86_64__)
extern const Kernels kKernels_avx2, kKernels_avx512, kKernels_avx512bf16;
#endif

KernelsList runnable_kernels() {
  KernelsList list{{}, 0};
#if defined(__x86_64__)
  if (processor_has(InstructionSet::kAvx512Bf16)) list.all[list.count++] = &kKernels_avx512bf16;
  if (processor_has(InstructionSet::kAvx512)) list.all[list.count++] = &kKernels_avx512;
  if (processor_has(InstructionSet::kAvx2)) list.all[list.count++] = &kKernels_avx2;
#endif
  list.all[list.count++] = &kKernels_baseline;
  return list;
}

const Kernels& kernels() {
  static const Kernels& best = *runnable_kernels().all[0];
  return best;
}

}  // namespace chorale::kernels
