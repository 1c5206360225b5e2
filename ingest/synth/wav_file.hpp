// The only place of the synthesis that writes audio files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace chorale::synth {

struct Tags {
  std::string artist, title;
};

// WAV, 16 bit, mono, kSampleRate; whole or not at all. Throws runtime::FileError.
void write_wav(const std::filesystem::path& path, std::span<const std::int16_t> samples, const Tags& tags);

}  // namespace chorale::synth
