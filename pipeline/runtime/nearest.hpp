// "Did you mean": the known word nearest to a misspelt one.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace chorale::runtime {

// Insertions, deletions, substitutions and swaps of neighbours that turn one word into the other (optimal
// string alignment distance).
std::size_t edit_distance(std::string_view a, std::string_view b);

// The known word at the smallest distance, the first of equals; nothing when more than a third of the word
// differs.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> known);

}  // namespace chorale::runtime
