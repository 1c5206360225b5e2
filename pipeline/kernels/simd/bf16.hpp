#pragma once

#include <cstdint>

namespace chorale::kernels {

// A bfloat16 as it lies in memory.
struct Bf16 {
  std::uint16_t bits;
};

}  // namespace chorale::kernels
