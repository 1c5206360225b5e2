#include "pipeline/kernels/recurrent/product_kernels.hpp"
#include "pipeline/kernels/recurrent/sweep_kernels.hpp"

namespace chorale::kernels {

extern const Kernels kKernels_baseline;
const Kernels kKernels_baseline{"baseline", kLanes,        {forward<float>, backward<float>, pack<float>},
                                {},         multiply_rows, multiply_transposed};

}  // namespace chorale::kernels
