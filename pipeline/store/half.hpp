// IEEE 754 binary16 ("half"), its bits in a uint16_t.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace chorale::store {

// Rounds to nearest, ties to even. Beyond 65519.99 it gives infinity; every NaN becomes the quiet NaN of its
// sign.
inline std::uint16_t half_from_float(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000U);
  const std::uint32_t magnitude = bits & 0x7fffffffU;
  if (magnitude >= 0x47800000U) {  // 2^16 and more, infinity, NaN
    return static_cast<std::uint16_t>(sign | (magnitude > 0x7f800000U ? 0x7e00U : 0x7c00U));
  }
  if (magnitude < 0x38800000U) {  // below 2^-14: adding 0.5 leaves the subnormal's bits, rounded, at the end
    const float shifted = std::bit_cast<float>(magnitude) + 0.5F;
    return static_cast<std::uint16_t>(sign | (std::bit_cast<std::uint32_t>(shifted) - 0x3f000000U));
  }
  const std::uint32_t odd = (magnitude >> 13) & 1U;
  const std::uint32_t rounded = magnitude - 0x38000000U + 0xfffU + odd;  // exponent bias 127 -> 15
  return static_cast<std::uint16_t>(sign | (rounded >> 13));
}

// Exact.
inline float float_from_half(std::uint16_t half) {
  const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000U) << 16;
  const std::uint32_t shifted = static_cast<std::uint32_t>(half & 0x7fffU) << 13;
  // The exponent's bias, 15 -> 127; a subnormal is read as 2^-14 + it, minus 2^-14.
  const float magnitude = shifted < 0x00800000U ? std::bit_cast<float>(shifted + 0x38800000U) - 0x1p-14F
                                                : std::bit_cast<float>(shifted + 0x38000000U);
  const std::uint32_t special = shifted >= 0x0f800000U ? 0x7f800000U : 0U;  // infinity, NaN
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(magnitude) | special | sign);
}

// `out` has values.size() elements.
void halves_from_floats(std::span<const float> values, std::uint16_t* out);
// `halves` need not be aligned; `out` has `count` elements.
void floats_from_halves(const std::byte* halves, std::size_t count, float* out);

}  // namespace chorale::store
