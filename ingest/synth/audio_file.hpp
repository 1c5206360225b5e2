// The only place of the synthesis that writes audio files. Each is whole or not there at all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace chorale::synth {

struct Tags {
  std::string artist, title;
};

struct Mp3Format {
  int rate = 44100;  // Hz; one that MPEG-1 or MPEG-2 knows
  int channels = 2;
};

constexpr int kMp3BitRate = 128000;  // of MPEG-1 rates; half as much or less below 32 kHz

// WAV, 16 bit, mono, kSampleRate. Throws runtime::FileError.
void write_wav(const std::filesystem::path& path, std::span<const std::int16_t> samples, const Tags& tags);

// Interleaved samples, full scale is 1, at a constant bit rate. The bytes are those of the encoder at hand
// (LAME within libsndfile). Throws runtime::FileError.
void write_mp3(const std::filesystem::path& path, const Mp3Format& format, std::span<const float> samples,
               const Tags& tags);

// Throws CollectionError where the libsndfile at hand writes no such MP3 (before 1.1, or built without LAME).
void require_mp3(const Mp3Format& format);

}  // namespace chorale::synth
