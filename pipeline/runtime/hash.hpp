// xxh3 checksums (64 bit), as hexadecimal text where they are stored.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace chorale::runtime {

std::uint64_t xxh3(const void* data, std::size_t bytes);
std::uint64_t xxh3_file(const std::filesystem::path& path);  // throws FileError

// 16 hexadecimal digits.
std::string hex(std::uint64_t value);
std::string xxh3_hex(std::string_view text);

}  // namespace chorale::runtime
