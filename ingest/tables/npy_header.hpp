// What stands before the values of a .npy file.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace chorale::tables {

enum class Order { kC, kFortran };

struct NpyHeader {
  std::string type;  // "<f4"
  Order order = Order::kC;
  std::vector<std::size_t> shape;
  std::size_t bytes = 0;  // from the beginning of the file to the first value
};

// Throws NpyError.
NpyHeader parse_npy_header(std::string_view file);

}  // namespace chorale::tables
