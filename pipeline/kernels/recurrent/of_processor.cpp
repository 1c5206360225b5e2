// Compiled once for each instruction set, as CHORALE_KERNELS named CHORALE_SET.
#include "pipeline/kernels/recurrent/sweep_kernels.hpp"

namespace chorale::kernels {

extern const Kernels CHORALE_KERNELS;
const Kernels CHORALE_KERNELS {
  .name = CHORALE_SET, .lanes = kLanes, .fp32 = {forward<float>, backward<float>},
#if defined(__AVX512BF16__)
  .bf16 = {forward<Bf16>, backward<Bf16>},
#endif
};

}  // namespace chorale::kernels
