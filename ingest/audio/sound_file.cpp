#include "ingest/audio/sound_file.hpp"

#include <sndfile.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <exception>
#include <limits>
#include <utility>
#include <vector>

#include "ingest/audio/error.hpp"

namespace chorale::audio {
namespace {

// libsndfile reads MP3 in pieces of a few hundred bytes; a buffer in between spares the system calls.
constexpr std::size_t kBuffer = std::size_t{1} << 16;

constexpr int kMpegFormat = 0x230000;  // SF_FORMAT_MPEG, which headers before 1.1 lack

SNDFILE* handle(void* sound) { return static_cast<SNDFILE*>(sound); }

}  // namespace

// A place in the stream, and the bytes around it. Exceptions wait here, as they cannot pass through C.
struct SoundFile::Source {
  explicit Source(const tree::ByteStream& bytes) : stream(bytes) {}

  const tree::ByteStream& stream;
  std::uint64_t position = 0;
  std::vector<std::byte> buffer = std::vector<std::byte>(kBuffer);
  std::uint64_t buffer_begin = 0;
  std::size_t buffered = 0;
  std::exception_ptr failure;

  static Source& of(void* user) { return *static_cast<Source*>(user); }

  static sf_count_t length(void* user) { return static_cast<sf_count_t>(of(user).stream.size()); }

  static sf_count_t tell(void* user) { return static_cast<sf_count_t>(of(user).position); }

  static sf_count_t seek(sf_count_t offset, int whence, void* user) {
    const sf_count_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? tell(user) : length(user);
    if (offset < -base || offset > std::numeric_limits<sf_count_t>::max() - base) return -1;
    of(user).position = static_cast<std::uint64_t>(base + offset);
    return tell(user);
  }

  static sf_count_t read(void* data, sf_count_t bytes, void* user) {
    return of(user).copy(
        {static_cast<std::byte*>(data), static_cast<std::size_t>(std::max<sf_count_t>(bytes, 0))});
  }

  sf_count_t copy(std::span<std::byte> out) {
    std::size_t done = 0;
    while (done < out.size() && !failure) {
      const std::size_t begin = static_cast<std::size_t>(position - buffer_begin);
      if (position < buffer_begin || begin >= buffered) {
        if (!fill()) break;
        continue;
      }
      const std::size_t count = std::min(out.size() - done, buffered - begin);
      std::memcpy(out.data() + done, buffer.data() + begin, count);
      done += count;
      position += count;
    }
    return static_cast<sf_count_t>(done);
  }

  // The buffer from the position on; false at the end.
  bool fill() {
    try {
      buffer_begin = position;
      buffered = 0;
      buffered = stream.read_at(position, buffer);
    } catch (...) {
      failure = std::current_exception();
    }
    return buffered > 0;
  }

  void rethrow() {
    if (failure) std::rethrow_exception(std::exchange(failure, nullptr));
  }
};

namespace {

bool looks_like_mp3(const tree::ByteStream& stream) {
  std::array<std::byte, 3> head = {};
  stream.read_at(0, head);
  const bool id3 = std::memcmp(head.data(), "ID3", 3) == 0;
  return id3 || (head[0] == std::byte{0xff} && (head[1] & std::byte{0xe0}) == std::byte{0xe0});
}

std::string why_not_opened(const tree::ByteStream& stream) {
  if (!mp3_supported() && looks_like_mp3(stream)) {
    return "MP3 needs libsndfile 1.1 or newer, this is " + decoder_name();
  }
  return std::string("not audio that can be decoded: ") + sf_strerror(nullptr);
}

}  // namespace

std::string decoder_name() {
  char text[64] = {};
  sf_command(nullptr, SFC_GET_LIB_VERSION, text, sizeof text);
  return text;
}

bool mp3_supported() {
  int count = 0;
  sf_command(nullptr, SFC_GET_FORMAT_MAJOR_COUNT, &count, sizeof count);
  for (int i = 0; i < count; ++i) {
    SF_FORMAT_INFO info = {};
    info.format = i;
    sf_command(nullptr, SFC_GET_FORMAT_MAJOR, &info, sizeof info);
    if (info.format == kMpegFormat) return true;
  }
  return false;
}

void SoundFile::CloseSound::operator()(void* sound) const { sf_close(handle(sound)); }

SoundFile::SoundFile(const tree::ByteStream& stream) : source_(std::make_unique<Source>(stream)) {
  if (stream.size() == 0) throw DecodeError("empty file (0 bytes)");
  SF_VIRTUAL_IO io = {Source::length, Source::seek, Source::read, nullptr, Source::tell};
  SF_INFO info = {};
  sound_.reset(sf_open_virtual(&io, SFM_READ, &info, source_.get()));
  source_->rethrow();
  if (!sound_) throw DecodeError(why_not_opened(stream));
  rate_ = info.samplerate;
  channels_ = info.channels;
}

SoundFile::~SoundFile() = default;

void SoundFile::seek(std::uint64_t frame) {
  const sf_count_t reached = sf_seek(handle(sound_.get()), static_cast<sf_count_t>(frame), SEEK_SET);
  source_->rethrow();
  if (reached < 0) {
    throw DecodeError("has no sample at audio.offset = " +
                      std::to_string(frame / static_cast<std::uint64_t>(rate_)) + " s");
  }
}

std::string SoundFile::artist() const {
  const char* text = sf_get_string(handle(sound_.get()), SF_STR_ARTIST);
  return text == nullptr ? "" : text;
}

std::size_t SoundFile::read(std::span<float> samples) {
  const auto wanted = static_cast<sf_count_t>(samples.size()) / channels_;
  const sf_count_t frames = sf_readf_float(handle(sound_.get()), samples.data(), wanted);
  source_->rethrow();
  if (frames < wanted && sf_error(handle(sound_.get())) != SF_ERR_NO_ERROR) {
    throw DecodeError(std::string("damaged: ") + sf_strerror(handle(sound_.get())));
  }
  return static_cast<std::size_t>(frames * channels_);
}

}  // namespace chorale::audio
