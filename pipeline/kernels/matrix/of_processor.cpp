// Compiled once for each instruction set, as CHORALE_KERNELS named CHORALE_SET.
#include "pipeline/kernels/matrix/multiply.hpp"

namespace chorale::kernels {
namespace {

template <class Element>
constexpr ProductKernels<Element> kOf = {pack<Element>, multiply_rows<Element>, multiply_transposed<Element>};

}  // namespace

extern const MatrixKernels CHORALE_KERNELS;
const MatrixKernels CHORALE_KERNELS {
  .name = CHORALE_SET, .lanes = kLanes, .panel = kPanelVectors, .fp32 = kOf<float>,
#if defined(__AVX512BF16__)
  .bf16 = kOf<Bf16>,
#endif
};

}  // namespace chorale::kernels
