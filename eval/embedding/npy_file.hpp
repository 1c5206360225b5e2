// NumPy's .npy files, written row after row.
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, version 1.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <span>

#include "pipeline/runtime/atomic_file.hpp"

namespace chorale::eval {

// An array [rows, columns] of little-endian float32 in C order.
class NpyFile {
 public:
  // Throws runtime::FileError, and so do the others.
  NpyFile(const std::filesystem::path& path, std::size_t rows, std::size_t columns);

  void add(std::span<const float> values);  // the next ones, any number of them
  // Puts the file in place. Throws std::logic_error when it has not as many values as its shape says.
  void commit();

 private:
  void require(bool good) const;

  runtime::AtomicPath path_;
  std::ofstream stream_;
  std::size_t missing_;  // values
};

}  // namespace chorale::eval
