#include "ingest/synth/faults.hpp"

#include "pipeline/runtime/random.hpp"

namespace chorale::synth {

std::string noise_bytes(std::uint64_t seed) {
  runtime::RandomStream draw(seed, {runtime::key_of("faults")});
  std::string bytes(1 << 16, '\0');
  for (char& byte : bytes) byte = static_cast<char>(draw.next() >> 56);
  return bytes;
}

// Magic number, version, filler, one entry (the resource fork) of no length.
std::string apple_double() {
  using namespace std::string_literals;
  return "\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        \x00\x01\x00\x00\x00\x02\x00\x00\x00\x26\x00\x00\x00\x00"s;
}

}  // namespace chorale::synth
