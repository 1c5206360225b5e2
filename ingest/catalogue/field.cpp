#include "ingest/catalogue/field.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace chorale::catalogue {

// Table 3-7 of the Unicode standard: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t k) {
      return i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : std::uint8_t{0};
    };
    const auto within = [&](std::size_t k, unsigned low, unsigned high) {
      return byte(k) >= low && byte(k) <= high;
    };
    const unsigned first = byte(0);
    std::size_t length = 0;
    if (first < 0x80) {
      length = 1;
    } else if (first >= 0xc2 && first <= 0xdf) {
      length = 2;
    } else if (first >= 0xe0 && first <= 0xef) {
      if (!within(1, first == 0xe0 ? 0xa0 : 0x80, first == 0xed ? 0x9f : 0xbf)) return false;
      length = 3;
    } else if (first >= 0xf0 && first <= 0xf4) {
      if (!within(1, first == 0xf0 ? 0x90 : 0x80, first == 0xf4 ? 0x8f : 0xbf)) return false;
      length = 4;
    } else {
      return false;
    }
    for (std::size_t k = 1; k < length; ++k) {
      if (!within(k, 0x80, 0xbf)) return false;
    }
    i += length;
  }
  return true;
}

std::string printable(std::string_view text) {
  if (is_utf8(text)) return std::string(text);
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    result += byte < 0x80 ? std::string(1, c) : fmt::format("\\x{:02X}", byte);
  }
  return result;
}

}  // namespace chorale::catalogue
