// Values to bytes and back, for what the ranks of one job hand each other. No file format: it knows neither
// versions nor other machines.
//
// A type with fields has one function for both ways, found by its argument: pack_fields(visit, value), which
// calls visit(field) for each.
#pragma once

#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "pipeline/runtime/error.hpp"

namespace chorale::runtime {

template <class T>
concept PackedAsItLies = std::is_arithmetic_v<T> || std::is_enum_v<T>;

class Packer {
 public:
  template <PackedAsItLies T>
  void operator()(const T& value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void operator()(const std::string& text) {
    (*this)(static_cast<std::uint64_t>(text.size()));
    bytes_ += text;
  }
  template <class T>
  void operator()(const std::vector<T>& values) {
    (*this)(static_cast<std::uint64_t>(values.size()));
    for (const T& value : values) (*this)(value);
  }
  template <class T>
  void operator()(const std::optional<T>& value) {
    (*this)(value.has_value());
    if (value) (*this)(*value);
  }
  template <class T>
  requires std::is_class_v<T>
  void operator()(const T& value) { pack_fields(*this, value); }

  const std::string& bytes() const { return bytes_; }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Throws Error when the bytes end too early.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {}

  template <PackedAsItLies T>
  void operator()(T& value) {
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
  }
  void operator()(std::string& text) { text = take(size()); }
  template <class T>
  void operator()(std::vector<T>& values) {
    values.clear();
    for (std::uint64_t left = size(); left > 0; --left) (*this)(values.emplace_back());
  }
  template <class T>
  void operator()(std::optional<T>& value) {
    bool is_there = false;
    (*this)(is_there);
    value.reset();
    if (is_there) (*this)(value.emplace());
  }
  template <class T>
  requires std::is_class_v<T>
  void operator()(T& value) { pack_fields(*this, value); }

 private:
  std::uint64_t size() {
    std::uint64_t count = 0;
    (*this)(count);
    return count;
  }
  std::string_view take(std::uint64_t count) {
    if (count > rest_.size()) throw Error("a message from another rank breaks off");
    const std::string_view bytes = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return bytes;
  }

  std::string_view rest_;
};

template <class T>
std::string pack(const T& value) {
  Packer packer;
  packer(value);
  return packer.take();
}

template <class T>
T unpack(std::string_view bytes) {
  T value{};
  Unpacker unpacker(bytes);
  unpacker(value);
  return value;
}

}  // namespace chorale::runtime
