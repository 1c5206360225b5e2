// NumPy's .npy files: spectrograms and feature vectors that other programs made.
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, versions 1.0 to 3.0.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pipeline/runtime/error.hpp"

namespace chorale::tables {

struct NpyError : runtime::Error {
  using Error::Error;
};

// Rows one after another, whatever order the file has. A vector of n values is [1, n].
struct Matrix {
  std::size_t rows = 0, columns = 0;
  std::vector<float> values;
};

// Reads the bytes of a file: float16, float32 or float64, little endian, C or Fortran order, one or two
// dimensions. Throws NpyError: anything else, fewer or more bytes than the shape says, no values, a value
// that is not a finite float32 (says where).
Matrix parse_npy(std::string_view bytes);

}  // namespace chorale::tables
