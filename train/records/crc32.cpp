#include "train/records/crc32.hpp"

#include <array>

namespace chorale::train {
namespace {

using Table = std::array<std::uint32_t, 256>;

constexpr Table make_table(std::uint32_t reflected_polynomial) {
  Table table{};
  for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? reflected_polynomial : 0);
    table[byte] = value;
  }
  return table;
}

constexpr Table kCastagnoli = make_table(0x82f63b78), kIso3309 = make_table(0xedb88320);

std::uint32_t check(const Table& table, std::string_view bytes) {
  std::uint32_t value = 0xffffffff;
  for (const char byte : bytes) {
    value = (value >> 8) ^ table[(value ^ static_cast<unsigned char>(byte)) & 0xff];
  }
  return ~value;
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) { return check(kCastagnoli, bytes); }
std::uint32_t crc32(std::string_view bytes) { return check(kIso3309, bytes); }

}  // namespace chorale::train
