#include "pipeline/runtime/hash.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <array>
#include <fstream>
#include <memory>

#include "pipeline/runtime/atomic_file.hpp"

namespace chorale::runtime {

std::uint64_t xxh3(const void* data, std::size_t bytes) { return XXH3_64bits(data, bytes); }

std::uint64_t xxh3_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw FileError(path.string() + ": cannot open");
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(), &XXH3_freeState);
  XXH3_64bits_reset(state.get());
  std::array<char, 1 << 16> buffer;
  while (in) {
    in.read(buffer.data(), buffer.size());
    XXH3_64bits_update(state.get(), buffer.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (in.bad()) throw FileError(path.string() + ": cannot read");
  return XXH3_64bits_digest(state.get());
}

std::string hex(std::uint64_t value) {
  std::string text(16, '0');
  for (std::size_t i = 16; i-- > 0; value >>= 4) text[i] = "0123456789abcdef"[value & 15];
  return text;
}

std::string xxh3_hex(std::string_view text) { return hex(xxh3(text.data(), text.size())); }

}  // namespace chorale::runtime
