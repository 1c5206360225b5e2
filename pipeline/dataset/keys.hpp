// The 24 keys of tasks of kind `key`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chorale::dataset {

// "C:maj", "C#:maj", ..., "B:maj", "C:min", ..., "B:min": the classes of such a task, always all and in this
// order.
const std::vector<std::string>& key_names();

// "C", "C#", ..., "B": the tonic of key k is number k % 12.
const std::vector<std::string>& tonic_names();

// An index into key_names(). Understood are "F#:min", "F# minor", "F#m", "f#_min", "Gb minor", "C:maj", "C
// major", "C", with # or b (also the signs ♯ and ♭); a tonic alone is major and must be a capital. Nothing
// for other text.
std::optional<std::int32_t> key_named(std::string_view text);

}  // namespace chorale::dataset
