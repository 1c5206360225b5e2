#include "ingest/features/decibel.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <numbers>

#include "ingest/features/vector.hpp"

namespace chorale::features {
namespace {

// ln(x) of a normal x > 0. x = 2^e m with m in [sqrt(1/2), sqrt(2)), ln(m) = 2 artanh((m-1)/(m+1)) by its
// series, whose first term left out is below 1e-9. Without branches, so that loops over it become vector
// instructions.
float natural_log(float x) {
  constexpr std::uint32_t kSqrtHalf = std::bit_cast<std::uint32_t>(0.70710678F);
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(x) - kSqrtHalf;
  const auto exponent = static_cast<float>(static_cast<std::int32_t>(bits) >> 23);
  const float m = std::bit_cast<float>((bits & 0x007fffffU) + kSqrtHalf);
  const float s = (m - 1.0F) / (m + 1.0F);
  const float s2 = s * s;
  const float series = s2 * (1.0F / 3 + s2 * (1.0F / 5 + s2 * (1.0F / 7 + s2 * (1.0F / 9))));
  return exponent * std::numbers::ln2_v<float> + 2.0F * (s + s * series);
}

}  // namespace

CHORALE_VECTORISED void power_to_db(std::span<float> values) {
  constexpr float kDecibel = 10.0F * std::numbers::log10e_v<float>;
  for (float& value : values) value = kDecibel * natural_log(value > kAmin ? value : kAmin);
}

}  // namespace chorale::features
