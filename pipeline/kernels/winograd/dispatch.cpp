#include "pipeline/kernels/simd/processor.hpp"
#include "pipeline/kernels/winograd/kernels.hpp"

namespace chorale::kernels {

#if defined(__x86_64__)
extern const Winograd kWinograd_avx2, kWinograd_avx512, kWinograd_avx512bf16;
#endif

WinogradList runnable_winograd() {
  WinogradList list{{}, 0};
#if defined(__x86_64__)
  if (processor_has(InstructionSet::kAvx512Bf16)) list.all[list.count++] = &kWinograd_avx512bf16;
  if (processor_has(InstructionSet::kAvx512)) list.all[list.count++] = &kWinograd_avx512;
  if (processor_has(InstructionSet::kAvx2)) list.all[list.count++] = &kWinograd_avx2;
#endif
  return list;
}

}  // namespace chorale::kernels
