// Contents of files as broken as real collections hold them, for what reads the collection to prove itself
// on.
#pragma once

#include <cstdint>
#include <string>

namespace chorale::synth {

// 64 KiB that are nothing.
std::string noise_bytes(std::uint64_t seed);

// What macOS leaves beside a file on a foreign disk, under its name with "._" before it (RFC 1740).
std::string apple_double();

}  // namespace chorale::synth
