#include "pipeline/kernels/tail/kernels.hpp"

namespace chorale::kernels {

const TailKernels& baseline_tail_kernels(Element element, Activation before, Activation after);
#ifdef CHORALE_X86_KERNELS
const TailKernels& avx2_tail_kernels(Element element, Activation before, Activation after);
const TailKernels& avx512_tail_kernels(Element element, Activation before, Activation after);
#endif

const TailKernels& tail_kernels(Element element, Activation before, Activation after) {
#ifdef CHORALE_X86_KERNELS
  static const auto kOfProcessor = [] {
    if (__builtin_cpu_supports("x86-64-v4")) return avx512_tail_kernels;
    if (__builtin_cpu_supports("x86-64-v3")) return avx2_tail_kernels;
    return baseline_tail_kernels;
  }();
  return kOfProcessor(element, before, after);
#else
  return baseline_tail_kernels(element, before, after);
#endif
}

}  // namespace chorale::kernels
