#include "ingest/audio/sound_file.hpp"

#include <sndfile.h>

#include <array>
#include <cstring>

#include "ingest/audio/error.hpp"

namespace chorale::audio {
namespace {

constexpr int kMpegFormat = 0x230000;  // SF_FORMAT_MPEG, which headers before 1.1 lack

SNDFILE* handle(void* sound) { return static_cast<SNDFILE*>(sound); }

StreamCursor& cursor(void* user) { return *static_cast<StreamCursor*>(user); }

sf_count_t length(void* user) { return cursor(user).size(); }
sf_count_t tell(void* user) { return cursor(user).position(); }
sf_count_t seek_to(sf_count_t offset, int whence, void* user) { return cursor(user).seek(offset, whence); }
sf_count_t read_bytes(void* out, sf_count_t bytes, void* user) { return cursor(user).read(out, bytes); }

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

SoundFile::SoundFile(const tree::ByteStream& stream)
    : stream_(stream), cursor_(std::make_unique<StreamCursor>(stream)) {
  if (stream.size() == 0) throw DecodeError("empty file (0 bytes)");
  SF_VIRTUAL_IO io = {length, seek_to, read_bytes, nullptr, tell};
  SF_INFO info = {};
  sound_.reset(sf_open_virtual(&io, SFM_READ, &info, cursor_.get()));
  cursor_->rethrow();
  if (!sound_) throw DecodeError(why_not_opened(stream));
  rate_ = info.samplerate;
  channels_ = info.channels;
  is_mpeg_ = (info.format & SF_FORMAT_TYPEMASK) == kMpegFormat;
}

void SoundFile::seek(std::uint64_t frame) {
  const sf_count_t reached = sf_seek(handle(sound_.get()), static_cast<sf_count_t>(frame), SEEK_SET);
  cursor_->rethrow();
  if (reached < 0) {
    throw DecodeError("has no sample at audio.offset = " +
                      std::to_string(frame / static_cast<std::uint64_t>(rate_)) + " s");
  }
  frame_ = frame;
}

std::string SoundFile::artist() const {
  const char* text = sf_get_string(handle(sound_.get()), SF_STR_ARTIST);
  return text == nullptr ? "" : text;
}

// A right header leaves the bytes of a tag at most; one that is wrong by less than 2 % of the file is taken
// at its word, as by librosa.
bool SoundFile::ends_too_early() const {
  const std::int64_t left = cursor_->size() - cursor_->position();
  return is_mpeg_ && left > cursor_->size() / 50;
}

std::size_t SoundFile::read(std::span<float> samples) {
  if (rest_) return rest_->read(samples);
  const auto wanted = static_cast<sf_count_t>(samples.size()) / channels_;
  const sf_count_t frames = sf_readf_float(handle(sound_.get()), samples.data(), wanted);
  cursor_->rethrow();
  if (frames < wanted && sf_error(handle(sound_.get())) != SF_ERR_NO_ERROR) {
    throw DecodeError(std::string("damaged: ") + sf_strerror(handle(sound_.get())));
  }
  frame_ += static_cast<std::uint64_t>(frames);
  if (frames == 0 && wanted > 0 && ends_too_early()) {
    rest_ = std::make_unique<MpegRest>(stream_, frame_);
    return rest_->read(samples);
  }
  return static_cast<std::size_t>(frames * channels_);
}

}  // namespace chorale::audio
