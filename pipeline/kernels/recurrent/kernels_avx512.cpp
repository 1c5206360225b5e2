#include "pipeline/kernels/recurrent/product_kernels.hpp"
#include "pipeline/kernels/recurrent/sweep_kernels.hpp"

namespace chorale::kernels {

extern const Kernels kKernels_avx512;
const Kernels kKernels_avx512{"avx512", kLanes,        {forward<float>, backward<float>, pack<float>},
                              {},       multiply_rows, multiply_transposed};

}  // namespace chorale::kernels
