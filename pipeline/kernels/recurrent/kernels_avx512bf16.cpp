#include "pipeline/kernels/recurrent/product_kernels.hpp"
#include "pipeline/kernels/recurrent/sweep_kernels.hpp"

namespace chorale::kernels {

extern const Kernels kKernels_avx512bf16;
const Kernels kKernels_avx512bf16{"avx512bf16",
                                  kLanes,
                                  {forward<float>, backward<float>, pack<float>},
                                  {forward<Bf16>, backward<Bf16>, pack<Bf16>},
                                  multiply_rows,
                                  multiply_transposed};

}  // namespace chorale::kernels
