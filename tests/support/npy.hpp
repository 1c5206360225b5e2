// Arrays written by numpy.save: little-endian float32, float64 or int32 in C order, which is all that the
// goldens need. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace chorale::testing_support {

template <class T>
std::vector<T> read_npy(const std::filesystem::path& path) {
  static_assert(std::is_same_v<T, float> || std::is_same_v<T, double> || std::is_same_v<T, std::int32_t>);
  std::ifstream stream(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(stream)), {});
  constexpr std::size_t kPreamble = 10;  // "\x93NUMPY", version 1.0, length of the header in 16 bits
  if (bytes.size() < kPreamble || bytes.compare(0, 7, "\x93NUMPY\x01") != 0) {
    throw std::runtime_error(path.string() + ": not an .npy file of version 1");
  }
  const auto low = static_cast<unsigned char>(bytes[8]), high = static_cast<unsigned char>(bytes[9]);
  const std::size_t header = low + 256U * high;
  const std::string text = bytes.substr(kPreamble, header);
  const std::string type = std::is_same_v<T, float> ? "'<f4'" : std::is_same_v<T, double> ? "'<f8'" : "'<i4'";
  if (text.find(type) == std::string::npos || text.find("'fortran_order': False") == std::string::npos) {
    throw std::runtime_error(path.string() + ": not " + type + " in C order: " + text);
  }
  const std::size_t begin = kPreamble + header;
  std::vector<T> values((bytes.size() - begin) / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), bytes.data() + begin, values.size() * sizeof(T));
  return values;
}

}  // namespace chorale::testing_support
