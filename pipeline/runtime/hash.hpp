// xxh3 checksums (64 bit), as hexadecimal text where they are stored.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace chorale::runtime {

std::uint64_t xxh3(const void* data, std::size_t bytes);

// The checksum of bytes that come in pieces.
class Xxh3 {
 public:
  Xxh3();
  ~Xxh3();
  Xxh3(const Xxh3&) = delete;
  Xxh3& operator=(const Xxh3&) = delete;

  void update(std::span<const std::byte> bytes);
  std::uint64_t digest() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// 16 hexadecimal digits.
std::string hex(std::uint64_t value);
std::string xxh3_hex(std::string_view text);

}  // namespace chorale::runtime
