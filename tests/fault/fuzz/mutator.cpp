#include "mutator.hpp"

#include <algorithm>
#include <array>

namespace chorale::fuzz {
namespace {

using runtime::RandomStream;

constexpr std::size_t kLongest = std::size_t{1} << 20;  // bytes of a mutated input

struct Piece {
  std::size_t first = 0, length = 0;
};

// Not empty unless the input is; mostly short, at times anything up to all of it.
Piece some_piece(const std::string& input, RandomStream& draw) {
  if (input.empty()) return {};
  const std::size_t first = draw.below(input.size());
  const std::size_t longest =
      draw.below(4) == 0 ? input.size() - first : std::min<std::size_t>(input.size() - first, 16);
  return {first, 1 + draw.below(longest)};
}

void flip_bits(std::string& input, RandomStream& draw) {
  if (input.empty()) return;
  for (std::uint64_t i = 0, n = 1 + draw.below(16); i < n; ++i) {
    char& byte = input[draw.below(input.size())];
    byte = static_cast<char>(byte ^ (1 << draw.below(8)));
  }
}

// Lengths and counts in headers, of either byte order; mostly near the beginning, where headers are.
void replace_number(std::string& input, RandomStream& draw) {
  static constexpr std::array<std::uint64_t, 12> kNumbers = {
      0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, ~0ULL, 1ULL << 62};
  const std::size_t width = std::size_t{1} << draw.below(4);
  if (input.size() < width) return;
  const std::size_t reach = draw.below(3) == 0 ? input.size() : std::min<std::size_t>(input.size(), 128);
  const std::size_t first = draw.below(std::max<std::size_t>(reach, width) - width + 1);
  const std::uint64_t number = kNumbers[draw.below(kNumbers.size())] + draw.below(3) - 1;
  const bool little = draw.below(2) == 0;
  for (std::size_t i = 0; i < width; ++i) {
    input[first + (little ? i : width - 1 - i)] = static_cast<char>(number >> (8 * i));
  }
}

void remove_piece(std::string& input, RandomStream& draw) {
  const Piece piece = some_piece(input, draw);
  input.erase(piece.first, piece.length);
}

void repeat_piece(std::string& input, RandomStream& draw) {
  const Piece piece = some_piece(input, draw);
  const std::string copy = input.substr(piece.first, piece.length);
  for (std::uint64_t i = 0, n = 1 + draw.below(8); i < n; ++i) input.insert(piece.first, copy);
}

void overwrite_piece(std::string& input, RandomStream& draw) {
  const Piece piece = some_piece(input, draw);
  for (std::size_t i = 0; i < piece.length; ++i)
    input[piece.first + i] = static_cast<char>(draw.next() >> 56);
}

void insert_bytes(std::string& input, RandomStream& draw) {
  std::string bytes(1 + draw.below(32), '\0');
  for (char& byte : bytes) byte = static_cast<char>(draw.next() >> 56);
  input.insert(draw.below(input.size() + 1), bytes);
}

void cut(std::string& input, RandomStream& draw) { input.resize(draw.below(input.size() + 1)); }

void splice(std::string& input, std::string_view other, RandomStream& draw) {
  if (other.empty()) return;
  input.resize(draw.below(input.size() + 1));
  input += other.substr(draw.below(other.size()));
}

void insert_word(std::string& input, std::span<const std::string> words, RandomStream& draw) {
  input.insert(draw.below(input.size() + 1), words[draw.below(words.size())]);
}

}  // namespace

std::string mutate(std::string input, std::string_view other, std::span<const std::string> words,
                   RandomStream draw) {
  for (std::uint64_t i = 0, n = 1 + draw.below(1 + draw.below(8)); i < n; ++i) {
    switch (draw.below(words.empty() ? 9 : 12)) {
      case 0:
      case 1:
        flip_bits(input, draw);
        break;
      case 2:
      case 3:
        replace_number(input, draw);
        break;
      case 4:
        remove_piece(input, draw);
        break;
      case 5:
        repeat_piece(input, draw);
        break;
      case 6:
        overwrite_piece(input, draw);
        break;
      case 7:
        insert_bytes(input, draw);
        break;
      case 8:
        draw.below(2) == 0 ? cut(input, draw) : splice(input, other, draw);
        break;
      default:
        insert_word(input, words, draw);
    }
    if (input.size() > kLongest) input.resize(kLongest);
  }
  return input;
}

}  // namespace chorale::fuzz
