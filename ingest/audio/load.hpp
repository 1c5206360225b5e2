// Audio files to mono samples at one rate, as librosa.load makes them. Decoding, mixing and resampling are
// one stream of short blocks: what is held of a track is its samples at the wanted rate.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "ingest/audio/error.hpp"
#include "ingest/audio/resample.hpp"
#include "ingest/tree/byte_stream.hpp"
#include "pipeline/config/experiment.hpp"

namespace chorale::audio {

struct LoadOptions {
  std::int32_t sample_rate = 22050;              // Hz; 0: each file's own
  config::Channel mix = config::Channel::kMean;  // right of a mono file: its one channel
  double offset = 0;                             // s; where to begin, as librosa.load
  double duration = 0;                           // s; how much to read at most; 0: to the end
  double max_seconds = 10800;
};

struct Recording {
  std::span<const float> samples;  // mono, full scale is 1
  std::int32_t source_rate = 0;    // Hz
  std::int32_t channels = 0;       // of the source
  double duration = 0;             // s; of the samples
  std::string artist;              // from the file's tags; empty where it has none
};

// Reads WAV, AU, FLAC, OGG and MP3, one file after another into the same buffers.
class Loader {
 public:
  explicit Loader(const LoadOptions& options) : options_(options), resampler_(options.sample_rate) {}

  // Reads to the end of the file, whatever length its header announces. The samples are valid until the next
  // call. Throws DecodeError: empty, not audio, no samples, samples that are not finite, absurd rate, longer
  // than max_seconds. Throws runtime::FileError when the disk fails.
  Recording load(const tree::ByteStream& stream);

 private:
  LoadOptions options_;
  Resampler resampler_;
};

}  // namespace chorale::audio
