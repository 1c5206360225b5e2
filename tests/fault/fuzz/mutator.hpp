// Inputs as a damaged disk, a torn download or a slip of the editor would make them.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "pipeline/runtime/random.hpp"

namespace chorale::fuzz {

// One to eight changes to `input`, mostly few: bits flipped, numbers of 1 to 8 bytes replaced by those that
// break arithmetic, bytes removed, repeated, overwritten or inserted, the end cut off, the tail of `other`
// put on, and words of the format's own (`words`, may be empty) inserted. A function of the arguments alone.
std::string mutate(std::string input, std::string_view other, std::span<const std::string> words,
                   runtime::RandomStream draw);

}  // namespace chorale::fuzz
