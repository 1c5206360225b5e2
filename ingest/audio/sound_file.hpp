// An open audio file: the only place that calls libsndfile to read.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "ingest/audio/mpeg_rest.hpp"
#include "ingest/audio/stream_cursor.hpp"

namespace chorale::audio {

class SoundFile {
 public:
  // The stream must outlive it. Throws DecodeError: empty, not audio that this libsndfile knows. All its
  // functions pass on what the stream throws.
  explicit SoundFile(const tree::ByteStream& stream);

  std::int32_t rate() const { return rate_; }  // Hz
  std::int32_t channels() const { return channels_; }
  std::string artist() const;  // empty where the file has no such tag

  // Throws DecodeError when there is no such frame.
  void seek(std::uint64_t frame);

  // The next samples, interleaved; whole frames, 0 at the end, wherever the header announces it. Throws
  // DecodeError when the stream is damaged.
  std::size_t read(std::span<float> samples);

 private:
  struct CloseSound {
    void operator()(void* sound) const;
  };
  bool ends_too_early() const;

  const tree::ByteStream& stream_;
  std::unique_ptr<StreamCursor> cursor_;  // what libsndfile reads from
  std::unique_ptr<void, CloseSound> sound_;
  std::unique_ptr<MpegRest> rest_;  // of an MP3, where libsndfile ends too early
  std::int32_t rate_ = 0, channels_ = 0;
  bool is_mpeg_ = false;
  std::uint64_t frame_ = 0;  // the next one
};

std::string decoder_name();  // "libsndfile-1.2.0"

// Whether the libsndfile at hand decodes MP3 (1.1 and newer, unless built without).
bool mp3_supported();

}  // namespace chorale::audio
