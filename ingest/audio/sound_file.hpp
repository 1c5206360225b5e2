// An open audio file: the only place that calls libsndfile to read.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "ingest/tree/byte_stream.hpp"

namespace chorale::audio {

class SoundFile {
 public:
  // The stream must outlive it. Throws DecodeError: empty, not audio that this libsndfile knows. All its
  // functions pass on what the stream throws.
  explicit SoundFile(const tree::ByteStream& stream);
  ~SoundFile();

  std::int32_t rate() const { return rate_; }  // Hz
  std::int32_t channels() const { return channels_; }
  std::string artist() const;  // empty where the file has no such tag

  // Throws DecodeError when there is no such frame.
  void seek(std::uint64_t frame);

  // The next samples, interleaved; whole frames, 0 at the end. Throws DecodeError when the stream is damaged.
  std::size_t read(std::span<float> samples);

 private:
  struct Source;
  struct CloseSound {
    void operator()(void* sound) const;
  };
  std::unique_ptr<Source> source_;  // what libsndfile reads from
  std::unique_ptr<void, CloseSound> sound_;
  std::int32_t rate_ = 0, channels_ = 0;
};

std::string decoder_name();  // "libsndfile-1.2.0"

// Whether the libsndfile at hand decodes MP3 (1.1 and newer, unless built without).
bool mp3_supported();

}  // namespace chorale::audio
