// Rows of numbers: a song each, a component each.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace chorale::eval {

template <class T>
struct Matrix {
  Matrix() = default;
  Matrix(std::size_t row_count, std::size_t columns)
      : rows(row_count), width(columns), values(row_count * columns) {}

  std::span<T> row(std::size_t i) { return std::span(values).subspan(i * width, width); }
  std::span<const T> row(std::size_t i) const { return std::span(values).subspan(i * width, width); }

  std::size_t rows = 0, width = 0;
  std::vector<T> values;  // [rows, width]
};

}  // namespace chorale::eval
