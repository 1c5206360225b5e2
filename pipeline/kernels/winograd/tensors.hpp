// What both of convolution.cpp and weight_gradient.cpp need of tensors.
#pragma once

#include <torch/torch.h>

#include "pipeline/kernels/tensor_data.hpp"
#include "pipeline/kernels/winograd/convolution.hpp"

namespace chorale::kernels {

template <class Element>
const WinogradKernels<Element>& kernels_of() {
  return kernels_for<Element>(*winograd());
}

inline Tiling tiling_of(const torch::Tensor& images) {
  return {images.size(0), images.size(2), images.size(3)};
}

// Of WinogradKernels::add_products.
inline std::int64_t product_parts(std::int64_t outputs) {
  return kPoints * parts(outputs, winograd()->panel);
}

}  // namespace chorale::kernels
