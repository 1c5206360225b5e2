// Audio files to mono samples, as librosa.load reads them before it resamples: libsndfile, float32, mean over
// channels.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "pipeline/runtime/error.hpp"

namespace chorale::audio {

// Why a file cannot be used. The message leaves the path out, as a quarantine row has it already.
struct DecodeError : runtime::Error {
  using Error::Error;
};

struct Recording {
  std::vector<float> samples;    // mono, at source_rate, full scale is 1
  std::int32_t source_rate = 0;  // Hz
  std::int32_t channels = 0;     // of the source
  std::string artist;            // from the file's tags; empty where it has none
};

// Reads WAV, AU, FLAC, OGG and MP3, one file after another into the same buffers.
class Decoder {
 public:
  // Reads to the end of the file, whatever length its header announces. The result is valid until the next
  // call. Throws DecodeError: not readable, empty, not audio, no samples, samples that are not finite, absurd
  // rate.
  const Recording& decode(const std::filesystem::path& file);

 private:
  Recording recording_;
  std::vector<float> block_;  // [frames, channels]
};

// The artist tag alone, without decoding; empty where there is none or the file cannot be read.
std::string artist_tag(const std::filesystem::path& file);

}  // namespace chorale::audio
