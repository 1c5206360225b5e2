// Files as numpy.save lays them out.
#pragma once

#include <string>
#include <vector>

namespace chorale::testing_support {

// {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }
inline std::string npy_header(const std::string& type, const std::string& fortran_order,
                              const std::string& shape) {
  return "{'descr': '" + type + "', 'fortran_order': " + fortran_order + ", 'shape': " + shape + ", }   \n";
}

template <class T>
std::string npy_bytes(const std::string& header, const std::vector<T>& values, char version = 1) {
  std::string bytes = "\x93NUMPY";
  bytes += version;
  bytes += '\0';
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i) {
    bytes += static_cast<char>((header.size() >> (8 * i)) & 255);
  }
  bytes += header;
  return bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

}  // namespace chorale::testing_support
