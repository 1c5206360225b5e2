#include "pipeline/kernels/matrix/kernels.hpp"
#include "pipeline/kernels/simd/processor.hpp"

namespace chorale::kernels {

extern const MatrixKernels kMatrix_baseline;
#if defined(__x86_64__)
extern const MatrixKernels kMatrix_avx2, kMatrix_avx512, kMatrix_avx512bf16;
#endif

MatrixKernelsList runnable_matrix_kernels() {
  MatrixKernelsList list{{}, 0};
#if defined(__x86_64__)
  if (processor_has(InstructionSet::kAvx512Bf16)) list.all[list.count++] = &kMatrix_avx512bf16;
  if (processor_has(InstructionSet::kAvx512)) list.all[list.count++] = &kMatrix_avx512;
  if (processor_has(InstructionSet::kAvx2)) list.all[list.count++] = &kMatrix_avx2;
#endif
  list.all[list.count++] = &kMatrix_baseline;
  return list;
}

const MatrixKernels& matrix_kernels() {
  static const MatrixKernels& best = *runnable_matrix_kernels().all[0];
  return best;
}

}  // namespace chorale::kernels
