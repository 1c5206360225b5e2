// An open audio file: the only place that calls libsndfile to read.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace chorale::audio {

class SoundFile {
 public:
  // Throws DecodeError: no such file, not a regular file, empty, not audio that this libsndfile knows.
  explicit SoundFile(const std::filesystem::path& file);

  std::int32_t rate() const { return rate_; }  // Hz
  std::int32_t channels() const { return channels_; }
  std::string artist() const;  // empty where the file has no such tag

  // The next samples, interleaved; whole frames, 0 at the end. Throws DecodeError when the stream is damaged.
  std::size_t read(std::span<float> samples);

 private:
  struct CloseStream {
    void operator()(std::FILE* stream) const { std::fclose(stream); }
  };
  struct CloseSound {
    void operator()(void* sound) const;
  };
  std::unique_ptr<char[]> buffer_;  // of stream_
  std::unique_ptr<std::FILE, CloseStream> stream_;
  std::unique_ptr<void, CloseSound> sound_;
  std::int32_t rate_ = 0, channels_ = 0;
};

std::string decoder_name();  // "libsndfile-1.2.0"

// Whether the libsndfile at hand decodes MP3 (1.1 and newer, unless built without).
bool mp3_supported();

}  // namespace chorale::audio
