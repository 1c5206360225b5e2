#include "ingest/tables/npy.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstring>

#include "ingest/tables/npy_header.hpp"
#include "pipeline/store/half.hpp"

namespace chorale::tables {
namespace {

static_assert(std::endian::native == std::endian::little);

std::size_t size_of_type(const std::string& type) {
  if (type == "<f2") return 2;
  if (type == "<f4") return 4;
  if (type == "<f8") return 8;
  throw NpyError(fmt::format(
      "holds values of type '{:.20}'; known are <f2, <f4 and <f8. Save it as array.astype('float32').",
      type));
}

std::string text_of(const std::vector<std::size_t>& shape) {
  std::string text;
  for (const std::size_t size : shape) text += fmt::format("{}{}", text.empty() ? "" : ", ", size);
  return "(" + text + (shape.size() == 1 ? ",)" : ")");
}

void check_length(const NpyHeader& header, std::size_t file_bytes) {
  std::size_t expected = size_of_type(header.type);
  const std::size_t found = file_bytes - header.bytes;
  for (const std::size_t size : header.shape) {
    if (size == 0) throw NpyError(fmt::format("is empty: its shape is {}", text_of(header.shape)));
    if (__builtin_mul_overflow(expected, size, &expected)) expected = SIZE_MAX;
  }
  if (expected == found) return;
  throw NpyError(fmt::format("holds {} bytes of values; its shape {} and type {} need {}", found,
                             text_of(header.shape), header.type, expected));
}

std::vector<float> values_in_file_order(const NpyHeader& header, std::string_view bytes) {
  std::vector<float> values(bytes.size() / size_of_type(header.type));
  if (header.type == "<f2") {
    store::floats_from_halves(reinterpret_cast<const std::byte*>(bytes.data()), values.size(), values.data());
  } else if (header.type == "<f4") {
    std::memcpy(values.data(), bytes.data(), bytes.size());
  } else {
    for (std::size_t i = 0; i < values.size(); ++i) {
      double value = 0;
      std::memcpy(&value, bytes.data() + i * sizeof value, sizeof value);
      values[i] = static_cast<float>(value);
    }
  }
  return values;
}

std::vector<float> transposed(const std::vector<float>& values, std::size_t rows, std::size_t columns) {
  std::vector<float> result(values.size());
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) result[r * columns + c] = values[c * rows + r];
  }
  return result;
}

void check_finite(const Matrix& matrix) {
  for (std::size_t i = 0; i < matrix.values.size(); ++i) {
    if (std::isfinite(matrix.values[i])) continue;
    throw NpyError(fmt::format("the value at [{}, {}] is {}", i / matrix.columns, i % matrix.columns,
                               std::isnan(matrix.values[i]) ? "not a number" : "infinite or too large"));
  }
}

}  // namespace

Matrix parse_npy(std::string_view bytes) {
  const NpyHeader header = parse_npy_header(bytes);
  if (header.shape.empty() || header.shape.size() > 2) {
    throw NpyError(fmt::format("has the shape {}; expected one or two dimensions", text_of(header.shape)));
  }
  check_length(header, bytes.size());
  Matrix matrix{header.shape.size() == 1 ? 1 : header.shape[0], header.shape.back(),
                values_in_file_order(header, bytes.substr(header.bytes))};
  if (header.order == Order::kFortran) matrix.values = transposed(matrix.values, matrix.rows, matrix.columns);
  check_finite(matrix);
  return matrix;
}

}  // namespace chorale::tables
