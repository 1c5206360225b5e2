#include "pipeline/runtime/magnitude.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>

#include "pipeline/runtime/vectorised.hpp"

namespace chorale::runtime {

namespace {

// A bijection between the bits of floats and integers in the order of the floats.
std::int32_t in_order(std::int32_t bits) { return bits ^ ((bits >> 31) & 0x7fffffff); }

}  // namespace

// As integers, the bits of positive floats are in the order of the floats, and NaN comes last.
CHORALE_VECTORISED float largest_magnitude(std::span<const float> values) {
  std::int32_t largest = 0;
  for (const float value : values)
    largest = std::max(largest, std::bit_cast<std::int32_t>(value) & 0x7fffffff);
  return std::bit_cast<float>(largest);
}

CHORALE_VECTORISED float largest(std::span<const float> values) {
  std::int32_t found = std::numeric_limits<std::int32_t>::min();
  for (const float value : values) found = std::max(found, in_order(std::bit_cast<std::int32_t>(value)));
  return std::bit_cast<float>(in_order(found));
}

}  // namespace chorale::runtime
