// Compiled once for each instruction set, as CHORALE_KERNELS named CHORALE_SET.
#include "pipeline/kernels/winograd/filters.hpp"
#include "pipeline/kernels/winograd/weight_gradient.hpp"

namespace chorale::kernels {
namespace {

template <class Element>
constexpr WinogradKernels<Element> kOf = {pack_filters<Element>, convolve<Element>, patch_points<Element>,
                                          gradient_points<Element>, add_products<Element>};

}  // namespace

extern const Winograd CHORALE_KERNELS;
const Winograd CHORALE_KERNELS {
  .name = CHORALE_SET, .lanes = kLanes, .panel = kPanel, .fp32 = kOf<float>,
#if defined(__AVX512BF16__)
  .bf16 = kOf<Bf16>,
#endif
  .filter_gradient = filter_gradient,
};

}  // namespace chorale::kernels
