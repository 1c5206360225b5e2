#include "train/records/png.hpp"

#include <algorithm>
#include <string_view>

#include "train/records/crc32.hpp"

namespace chorale::train {
namespace {

std::string big_endian(std::uint32_t value) {
  std::string bytes;
  for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(value >> shift);
  return bytes;
}

std::string chunk(const std::string& type, const std::string& data) {
  return big_endian(static_cast<std::uint32_t>(data.size())) + type + data + big_endian(crc32(type + data));
}

std::uint32_t adler32(std::string_view bytes) {
  std::uint32_t a = 1, b = 0;
  for (const char byte : bytes) {
    a = (a + static_cast<unsigned char>(byte)) % 65521;
    b = (b + a) % 65521;
  }
  return b << 16 | a;
}

// A zlib stream of stored blocks (RFC 1950, RFC 1951 section 3.2.4).
std::string stored(const std::string& data) {
  constexpr std::size_t kLargest = 65535;
  std::string stream = "\x78\x01";
  for (std::size_t first = 0; first < data.size(); first += kLargest) {
    const std::size_t size = std::min(kLargest, data.size() - first);
    stream += static_cast<char>(first + size == data.size());
    for (const std::size_t value : {size, ~size}) {
      stream += {static_cast<char>(value & 0xff), static_cast<char>(value >> 8 & 0xff)};
    }
    stream.append(data, first, size);
  }
  return stream + big_endian(adler32(data));
}

}  // namespace

std::string grey_png(std::uint32_t width, std::uint32_t height, std::span<const std::uint8_t> pixels) {
  std::string rows;
  for (std::size_t row = 0; row < height; ++row) {
    rows += '\0';  // no filter
    rows.append(reinterpret_cast<const char*>(pixels.data()) + row * width, width);
  }
  const std::string format("\x08\x00\x00\x00\x00", 5);  // 8 bits, grey, deflate, its filters, not interlaced
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", big_endian(width) + big_endian(height) + format) +
         chunk("IDAT", stored(rows)) + chunk("IEND", "");
}

}  // namespace chorale::train
