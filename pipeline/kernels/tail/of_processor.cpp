// Compiled once a kind of processor, as the function CHORALE_KERNELS (see CMakeLists.txt).
#include "pipeline/kernels/tail/first_loops.hpp"

namespace chorale::kernels {
namespace {

template <class T, Activation before, Activation after>
constexpr TailKernels kKernels = {
    .sums = sums<T, before>,
    .forward = forward<T, before, after>,
    .backward_sums = backward_sums<T, before, after>,
    .backward = backward<T, before, after>,
    .first_sums = first_sums<before>,
    .first_forward = first_forward<T, before, after>,
    .first_backward_sums = first_backward_sums<T, before, after>,
    .first_backward = first_backward<T, before, after>,
};

template <class T>
const TailKernels& choose(Activation before, Activation after) {
  constexpr auto kNone = Activation::kNone, kRelu = Activation::kRelu, kElu = Activation::kElu;
  if (before == kRelu) return kKernels<T, kRelu, kNone>;
  if (before == kElu) return kKernels<T, kElu, kNone>;
  if (after == kRelu) return kKernels<T, kNone, kRelu>;
  if (after == kElu) return kKernels<T, kNone, kElu>;
  return kKernels<T, kNone, kNone>;
}

}  // namespace

const TailKernels& CHORALE_KERNELS(Element element, Activation before, Activation after);

const TailKernels& CHORALE_KERNELS(Element element, Activation before, Activation after) {
  return element == Element::kFloat ? choose<float>(before, after) : choose<Bfloat16>(before, after);
}

}  // namespace chorale::kernels
