#include "ingest/synth/faults.hpp"

#include <string>

#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/random.hpp"

namespace chorale::synth {
namespace {

constexpr std::size_t kInsideTheHeader = 20;  // bytes; a WAV header has at least 44
constexpr std::size_t kNoiseBytes = 1 << 16;

std::string noise_bytes(std::uint64_t seed) {
  runtime::RandomStream draw(seed, {runtime::key_of("faults")});
  std::string bytes(kNoiseBytes, '\0');
  for (char& byte : bytes) byte = static_cast<char>(draw.next() >> 56);
  return bytes;
}

// RFC 1740: magic number, version, filler, one entry (the resource fork) of no length.
std::string apple_double() {
  using namespace std::string_literals;
  return "\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        \x00\x01\x00\x00\x00\x02\x00\x00\x00\x26\x00\x00\x00\x00"s;
}

}  // namespace

void plant_faults(const std::filesystem::path& folder, std::string_view style, std::uint64_t seed) {
  const std::string name(style);
  const std::filesystem::path genre = folder / "genres" / name;
  const std::string whole = runtime::read_file(genre / (name + ".00000.wav"));
  runtime::write_file(genre / (name + ".90000.wav"), "");
  runtime::write_file(genre / (name + ".90001.wav"), std::string_view(whole).substr(0, whole.size() / 2));
  runtime::write_file(genre / (name + ".90002.wav"), std::string_view(whole).substr(0, kInsideTheHeader));
  runtime::write_file(genre / (name + ".90003.wav"), noise_bytes(seed));
  runtime::write_file(genre / ("._" + name + ".00000.wav"), apple_double());
}

}  // namespace chorale::synth
