#include "ingest/synth/audio_file.hpp"

#include <fmt/format.h>
#include <sndfile.h>

#include <memory>

#include "ingest/audio/sound_file.hpp"
#include "ingest/synth/music.hpp"
#include "ingest/synth/tone.hpp"
#include "pipeline/runtime/atomic_file.hpp"

namespace chorale::synth {
namespace {

// Headers before 1.1 lack the names: SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, SFC_SET_BITRATE_MODE.
constexpr int kMp3 = 0x230000 | 0x0082;
constexpr int kSetBitRateMode = 0x1305;
constexpr int kConstantBitRate = 0;

SF_INFO mp3_info(const Mp3Format& format) {
  SF_INFO info{};
  info.samplerate = format.rate;
  info.channels = format.channels;
  info.format = kMp3;
  return info;
}

// A file under construction.
class SoundWriter {
 public:
  SoundWriter(const std::filesystem::path& path, SF_INFO info, const Tags& tags)
      : target_(path), path_(path), file_(sf_open(target_.partial().c_str(), SFM_WRITE, &info), &sf_close) {
    if (!file_) fail(sf_strerror(nullptr));
    sf_set_string(file_.get(), SF_STR_ARTIST, tags.artist.c_str());
    sf_set_string(file_.get(), SF_STR_TITLE, tags.title.c_str());
  }

  SNDFILE* get() const { return file_.get(); }

  void commit(sf_count_t written, std::size_t wanted) {
    if (written != static_cast<sf_count_t>(wanted)) fail(sf_strerror(file_.get()));
    if (const int error = sf_close(file_.release()); error != 0) fail(sf_error_number(error));
    target_.commit();
  }

 private:
  [[noreturn]] void fail(const char* why) const {
    throw runtime::FileError(path_.string() + ": cannot write: " + why +
                             ". Check the space and the permissions there.");
  }

  runtime::AtomicPath target_;
  std::filesystem::path path_;
  std::unique_ptr<SNDFILE, decltype(&sf_close)> file_;
};

}  // namespace

void write_wav(const std::filesystem::path& path, std::span<const std::int16_t> samples, const Tags& tags) {
  SF_INFO info{};
  info.samplerate = kSampleRate;
  info.channels = 1;
  info.format = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
  SoundWriter file(path, info, tags);
  const auto count = static_cast<sf_count_t>(samples.size());
  file.commit(sf_write_short(file.get(), samples.data(), count), samples.size());
}

// As floats: libsndfile 1.2.0 hands bytes of its own stack to LAME when stereo is written as shorts, so that
// no two files are the same.
void write_mp3(const std::filesystem::path& path, const Mp3Format& format, std::span<const float> samples,
               const Tags& tags) {
  SoundWriter file(path, mp3_info(format), tags);
  int mode = kConstantBitRate;
  sf_command(file.get(), kSetBitRateMode, &mode, sizeof mode);
  double compression = (320000.0 - kMp3BitRate) / (320000.0 - 32000.0);  // 0 .. 1 over the rates of MPEG-1
  sf_command(file.get(), SFC_SET_COMPRESSION_LEVEL, &compression, sizeof compression);
  const auto count = static_cast<sf_count_t>(samples.size());
  file.commit(sf_write_float(file.get(), samples.data(), count), samples.size());
}

void require_mp3(const Mp3Format& format) {
  const SF_INFO info = mp3_info(format);
  if (sf_format_check(&info) != 0) return;
  throw CollectionError(
      fmt::format("MP3 of {} channels at {} Hz cannot be written by {}: that needs 1.1 or newer, built with "
                  "LAME. Load such a libsndfile, or give --layout gtzan, which is WAV.",
                  format.channels, format.rate, audio::decoder_name()));
}

}  // namespace chorale::synth
