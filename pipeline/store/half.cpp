#include "pipeline/store/half.hpp"

#include <cstring>

#include "pipeline/runtime/vectorised.hpp"

namespace chorale::store {

CHORALE_VECTORISED void halves_from_floats(std::span<const float> values, std::uint16_t* out) {
  for (const float value : values) *out++ = half_from_float(value);
}

void floats_from_halves(const std::byte* halves, std::size_t count, float* out) {
  for (std::size_t i = 0; i < count; ++i) {
    std::uint16_t half;
    std::memcpy(&half, halves + i * sizeof half, sizeof half);
    out[i] = float_from_half(half);
  }
}

}  // namespace chorale::store
