#include "ingest/tables/npy_header.hpp"

#include <fmt/format.h>

#include <charconv>
#include <set>

#include "ingest/tables/npy.hpp"

namespace chorale::tables {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

// The header is a Python dictionary, such as {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), };
// this reads that much of Python and no more.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text), rest_(text) {}

  NpyHeader run() {
    expect('{');
    while (!take('}')) {
      const std::string key = quoted();
      if (!seen_.insert(key).second) fail();
      expect(':');
      value_of(key);
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    skip_spaces();
    if (!rest_.empty() || seen_.size() != 3) fail();
    return header_;
  }

 private:
  void value_of(const std::string& key) {
    if (key == "descr") {
      skip_spaces();
      if (rest_.starts_with('[')) throw NpyError("holds records with named fields, not plain numbers");
      header_.type = quoted();
    } else if (key == "fortran_order") {
      const bool fortran = take("True");
      if (!fortran && !take("False")) fail();
      header_.order = fortran ? Order::kFortran : Order::kC;
    } else if (key == "shape") {
      header_.shape = shape();
    } else {
      fail();
    }
  }

  std::vector<std::size_t> shape() {
    std::vector<std::size_t> sizes;
    expect('(');
    while (!take(')')) {
      sizes.push_back(number());
      if (!take(',')) {
        expect(')');
        break;
      }
    }
    return sizes;
  }

  std::size_t number() {
    skip_spaces();
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc()) fail();
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }

  std::string quoted() {
    skip_spaces();
    const char quote = rest_.empty() ? '\0' : rest_.front();
    if (quote != '\'' && quote != '"') fail();
    const std::size_t end = rest_.find(quote, 1);
    if (end == std::string_view::npos) fail();
    std::string value(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    return value;
  }

  void skip_spaces() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size())); }
  bool take(std::string_view word) {
    skip_spaces();
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  bool take(char c) { return take(std::string_view(&c, 1)); }
  void expect(char c) {
    if (!take(c)) fail();
  }

  [[noreturn]] void fail() const {
    throw NpyError(fmt::format("its header is not one that numpy.save writes: {:.100}", text_));
  }

  std::string_view text_, rest_;
  std::set<std::string> seen_;
  NpyHeader header_;
};

}  // namespace

NpyHeader parse_npy_header(std::string_view file) {
  if (!file.starts_with(kMagic)) throw NpyError("is not an .npy file: it does not begin with \\x93NUMPY");
  const std::size_t before_length = kMagic.size() + 2;
  const auto byte = [&](std::size_t i) {
    if (i >= file.size()) throw NpyError("ends within its header");
    return static_cast<std::size_t>(static_cast<unsigned char>(file[i]));
  };
  const std::size_t version = byte(kMagic.size());
  if (version < 1 || version > 3)
    throw NpyError(fmt::format("has format version {}; known are 1 to 3", version));
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  std::size_t length = 0;
  for (std::size_t i = 0; i < length_bytes; ++i) length |= byte(before_length + i) << (8 * i);
  const std::size_t begin = before_length + length_bytes;
  if (length > file.size() - begin) throw NpyError("ends within its header");
  NpyHeader header = Parser(file.substr(begin, length)).run();
  header.bytes = begin + length;
  return header;
}

}  // namespace chorale::tables
