// What both of convolution.cpp and weight_gradient.cpp need of tensors.
#pragma once

#include <torch/torch.h>

#include "pipeline/kernels/winograd/convolution.hpp"

namespace chorale::kernels {

template <class Element>
const WinogradKernels<Element>& kernels_of();
template <>
inline const WinogradKernels<float>& kernels_of<float>() {
  return winograd()->fp32;
}
template <>
inline const WinogradKernels<Bf16>& kernels_of<Bf16>() {
  return winograd()->bf16;
}

template <class Element>
const Element* data(const torch::Tensor& tensor) {
  return static_cast<const Element*>(tensor.const_data_ptr());
}
template <class Element>
Element* writable(const torch::Tensor& tensor) {
  return static_cast<Element*>(tensor.mutable_data_ptr());
}

inline Tiling tiling_of(const torch::Tensor& images) {
  return {images.size(0), images.size(2), images.size(3)};
}

inline std::int64_t parts(std::int64_t whole, std::int64_t most) { return (whole + most - 1) / most; }

// Of WinogradKernels::add_products.
inline std::int64_t product_parts(std::int64_t outputs) {
  return kPoints * parts(outputs, winograd()->panel);
}

}  // namespace chorale::kernels
