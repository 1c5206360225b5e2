// Resolved text, key by key. Without the schema: it may be of another version of the program.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace chorale::config {

// Path of a key ("train.lr") -> its value as TOML. Throws ConfigError when the text is not TOML.
std::map<std::string, std::string> values_of(std::string_view resolved);

}  // namespace chorale::config
