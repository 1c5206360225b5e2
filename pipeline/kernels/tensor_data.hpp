// Tensors as the kernels take them: pointers to elements, float or Bf16.
#pragma once

#include <torch/torch.h>

#include <algorithm>

#include "pipeline/kernels/simd/bf16.hpp"

namespace chorale::kernels {

template <class Element>
const Element* data(const torch::Tensor& tensor) {
  return static_cast<const Element*>(tensor.const_data_ptr());
}
template <class Element>
Element* writable(const torch::Tensor& tensor) {
  return static_cast<Element*>(tensor.mutable_data_ptr());
}

// The half of a table of kernels that is for `Element`.
template <class Element, class Table>
const auto& kernels_for(const Table& table) {
  if constexpr (sizeof(Element) == sizeof(Bf16)) {
    return table.bf16;
  } else {
    return table.fp32;
  }
}

// Into how many parts of at most `most` a whole is cut.
inline std::int64_t parts(std::int64_t whole, std::int64_t most) { return (whole + most - 1) / most; }

// The same, but so many that all threads have as much to do, unless parts were smaller than `least`.
inline std::int64_t parts_for_threads(std::int64_t whole, std::int64_t most, std::int64_t least,
                                      std::int64_t threads) {
  const std::int64_t fewest = parts(whole, most), even = parts(fewest, threads) * threads;
  return std::max(fewest, std::min(even, whole / least));
}

}  // namespace chorale::kernels
