// What the fields of tables hold.
#pragma once

#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace chorale::catalogue {

// The whole text as a number; a floating-point number must be finite.
template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if constexpr (std::is_floating_point_v<Number>) {
    if (!std::isfinite(value)) return std::nullopt;
  }
  return value;
}

bool is_utf8(std::string_view text);

// For logs: text that is not UTF-8 with its bytes above 127 as \xE9, other text as it is.
std::string printable(std::string_view text);

}  // namespace chorale::catalogue
