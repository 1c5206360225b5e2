// IEEE 754 binary16 ("half"), its bits in a uint16_t.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace chorale::store {

// Both functions compute every case and then select, so that half.cpp's loops become vector instructions.

// Rounds to nearest, ties to even. 65520 and more become infinity, every NaN the quiet NaN of its sign.
inline std::uint16_t half_from_float(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t magnitude = bits & 0x7fffffffU;
  // The exponent's bias, 127 -> 15; half of what is cut off is added, a little less where that would make a
  // tie odd.
  const std::uint32_t odd = (magnitude >> 13) & 1U;
  const std::uint32_t normal = (magnitude - 0x38000000U + 0xfffU + odd) >> 13;
  // Below 2^-14: adding 0.5 leaves the subnormal's bits, rounded, at the end.
  const std::uint32_t subnormal =
      std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) + 0.5F) - 0x3f000000U;
  const std::uint32_t special = magnitude > 0x7f800000U ? 0x7e00U : 0x7c00U;
  const std::uint32_t finite = magnitude < 0x38800000U ? subnormal : normal;
  const std::uint32_t half = magnitude < 0x47800000U ? finite : special;
  return static_cast<std::uint16_t>(((bits >> 16) & 0x8000U) | half);
}

// Exact.
inline float float_from_half(std::uint16_t half) {
  const std::uint32_t sign = (half & 0x8000U) << 16;
  const std::uint32_t shifted = (half & 0x7fffU) << 13;
  const std::uint32_t normal = shifted + 0x38000000U;  // the exponent's bias, 15 -> 127
  const auto subnormal = std::bit_cast<std::uint32_t>(std::bit_cast<float>(shifted + 0x38800000U) - 0x1p-14F);
  const std::uint32_t special = shifted >= 0x0f800000U ? 0x7f800000U : 0U;  // infinity, NaN
  return std::bit_cast<float>(sign | special | (shifted < 0x00800000U ? subnormal : normal));
}

// `out` has values.size() elements.
void halves_from_floats(std::span<const float> values, std::uint16_t* out);
// `halves` need not be aligned; `out` has `count` elements.
void floats_from_halves(const std::byte* halves, std::size_t count, float* out);

}  // namespace chorale::store
