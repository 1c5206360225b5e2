#include "pipeline/runtime/magnitude.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

#include "pipeline/runtime/vectorised.hpp"

namespace chorale::runtime {

// As integers, the bits of positive floats are in the order of the floats, and NaN comes last.
CHORALE_VECTORISED float largest_magnitude(std::span<const float> values) {
  std::int32_t largest = 0;
  for (const float value : values)
    largest = std::max(largest, std::bit_cast<std::int32_t>(value) & 0x7fffffff);
  return std::bit_cast<float>(largest);
}

}  // namespace chorale::runtime
