#include "ingest/audio/sound_file.hpp"

#include <sndfile.h>

#include <cerrno>
#include <cstring>

#include "ingest/audio/decode.hpp"

namespace chorale::audio {
namespace {

// libsndfile reads MP3 in pieces of a few hundred bytes. A stream with a large buffer in between spares the
// system calls: 4 % of the time to decode a file.
constexpr std::size_t kStreamBuffer = std::size_t{1} << 16;

constexpr int kMpegFormat = 0x230000;  // SF_FORMAT_MPEG, which headers before 1.1 lack

std::FILE* stream_of(void* user) { return static_cast<std::FILE*>(user); }

sf_count_t stream_tell(void* user) { return ::ftello(stream_of(user)); }

sf_count_t stream_seek(sf_count_t offset, int whence, void* user) {
  return ::fseeko(stream_of(user), offset, whence) == 0 ? stream_tell(user) : -1;
}

sf_count_t stream_length(void* user) {
  const sf_count_t here = stream_tell(user);
  const sf_count_t length = stream_seek(0, SEEK_END, user);
  stream_seek(here, SEEK_SET, user);
  return length;
}

sf_count_t stream_read(void* data, sf_count_t bytes, void* user) {
  return static_cast<sf_count_t>(std::fread(data, 1, static_cast<std::size_t>(bytes), stream_of(user)));
}

SNDFILE* handle(void* sound) { return static_cast<SNDFILE*>(sound); }

std::string why_not_opened(const std::filesystem::path& file) {
  const std::string extension = file.extension().string();
  if ((extension == ".mp3" || extension == ".MP3") && !mp3_supported()) {
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

SoundFile::SoundFile(const std::filesystem::path& file) {
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (error) throw DecodeError("cannot be read: " + error.message());
  if (!std::filesystem::is_regular_file(status)) throw DecodeError("not a regular file");
  stream_.reset(std::fopen(file.c_str(), "rb"));
  if (!stream_) throw DecodeError(std::string("cannot be read: ") + std::strerror(errno));
  buffer_ = std::make_unique_for_overwrite<char[]>(kStreamBuffer);
  std::setvbuf(stream_.get(), buffer_.get(), _IOFBF, kStreamBuffer);
  if (stream_length(stream_.get()) == 0) throw DecodeError("empty file (0 bytes)");

  SF_VIRTUAL_IO io = {stream_length, stream_seek, stream_read, nullptr, stream_tell};
  SF_INFO info = {};
  sound_.reset(sf_open_virtual(&io, SFM_READ, &info, stream_.get()));
  if (!sound_) throw DecodeError(why_not_opened(file));
  rate_ = info.samplerate;
  channels_ = info.channels;
}

std::string SoundFile::artist() const {
  const char* text = sf_get_string(handle(sound_.get()), SF_STR_ARTIST);
  return text == nullptr ? "" : text;
}

std::size_t SoundFile::read(std::span<float> samples) {
  const auto wanted = static_cast<sf_count_t>(samples.size()) / channels_;
  const sf_count_t frames = sf_readf_float(handle(sound_.get()), samples.data(), wanted);
  if (frames < wanted) {
    if (std::ferror(stream_.get()) != 0)
      throw DecodeError(std::string("read error: ") + std::strerror(errno));
    if (sf_error(handle(sound_.get())) != SF_ERR_NO_ERROR) {
      throw DecodeError(std::string("damaged: ") + sf_strerror(handle(sound_.get())));
    }
  }
  return static_cast<std::size_t>(frames * channels_);
}

}  // namespace chorale::audio
