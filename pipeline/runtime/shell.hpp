// Commands that are written down for a user to run again.
#pragma once

#include <string>
#include <string_view>

namespace chorale::runtime {

// One word of a POSIX shell: as it is where the shell leaves it alone, else in single quotes.
std::string shell_word(std::string_view text);

}  // namespace chorale::runtime
