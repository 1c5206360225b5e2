#include "eval/embedding/npy_file.hpp"

#include <fmt/format.h>

#include <bit>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>

namespace chorale::eval {
namespace {

static_assert(std::endian::native == std::endian::little);

std::string header(std::size_t rows, std::size_t columns) {
  constexpr std::size_t kPreamble = 10,
                        kAlignment = 64;  // magic, version and length of the text; of the values
  std::string text =
      fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}, {}), }}", rows, columns);
  const std::size_t used = kPreamble + text.size() + 1;
  text.append((kAlignment - used % kAlignment) % kAlignment, ' ');
  text += '\n';
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(text.size() & 0xff);
  bytes += static_cast<char>(text.size() >> 8);
  return bytes + text;
}

}  // namespace

NpyFile::NpyFile(const std::filesystem::path& path, std::size_t rows, std::size_t columns)
    : path_(path), stream_(path_.partial(), std::ios::binary), missing_(rows * columns) {
  stream_ << header(rows, columns);
  require(stream_.good());
}

void NpyFile::add(std::span<const float> values) {
  if (values.size() > missing_) throw std::logic_error("more values than the array has");
  stream_.write(reinterpret_cast<const char*>(values.data()),
                static_cast<std::streamsize>(values.size_bytes()));
  require(stream_.good());
  missing_ -= values.size();
}

void NpyFile::commit() {
  if (missing_ != 0) throw std::logic_error(fmt::format("{} values of the array are missing", missing_));
  stream_.close();
  require(!stream_.fail());
  path_.commit();
}

void NpyFile::require(bool good) const {
  if (good) return;
  throw runtime::FileError(
      fmt::format("{}: cannot write: {}", path_.partial().string(), std::strerror(errno)));
}

}  // namespace chorale::eval
