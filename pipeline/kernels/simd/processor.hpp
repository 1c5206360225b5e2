// The instruction sets that kernels are compiled for, each file once with the flags in
// pipeline/kernels/CMakeLists.txt.
#pragma once

namespace chorale::kernels {

enum class InstructionSet { kAvx2, kAvx512, kAvx512Bf16 };

// Whether this processor has it.
bool processor_has(InstructionSet set);

// Whether this processor multiplies matrices of bfloat16 in units of their own (Intel's AMX), which LibTorch
// uses.
bool processor_has_matrix_units();

}  // namespace chorale::kernels
