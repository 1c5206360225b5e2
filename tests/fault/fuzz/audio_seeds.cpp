#include "audio_seeds.hpp"

#include <sndfile.h>

#include <cmath>
#include <stdexcept>

#include "support/process.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::fuzz {

std::vector<AudioKind> audio_kinds() {
  constexpr int kMp3 = 0x230000 | 0x0082;  // named in headers of libsndfile 1.1
  return {{"wav", "16 bit", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 8000, 1},
          {"wav", "24 bit, 5.1", SF_FORMAT_WAVEX | SF_FORMAT_PCM_24, 8000, 6},
          {"wav", "float", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 8000, 2},
          {"wav", "IMA ADPCM", SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM, 8000, 1},
          {"wav", "MS ADPCM", SF_FORMAT_WAV | SF_FORMAT_MS_ADPCM, 8000, 2},
          {"wav", "A-law", SF_FORMAT_WAV | SF_FORMAT_ALAW, 8000, 1},
          {"wav", "GSM", SF_FORMAT_WAV | SF_FORMAT_GSM610, 8000, 1},
          {"wav", "RF64", SF_FORMAT_RF64 | SF_FORMAT_PCM_16, 8000, 1},
          {"au", "16 bit", SF_FORMAT_AU | SF_FORMAT_PCM_16, 8000, 1},
          {"au", "float, little-endian", SF_FORMAT_AU | SF_FORMAT_FLOAT | SF_ENDIAN_LITTLE, 8000, 2},
          {"au", "G.723", SF_FORMAT_AU | SF_FORMAT_G723_24, 8000, 1},
          {"aiff", "16 bit", SF_FORMAT_AIFF | SF_FORMAT_PCM_16, 8000, 1},
          {"aiff", "double", SF_FORMAT_AIFF | SF_FORMAT_DOUBLE, 8000, 2},
          {"flac", "16 bit", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 8000, 1},
          {"flac", "24 bit", SF_FORMAT_FLAC | SF_FORMAT_PCM_24, 8000, 2},
          {"ogg", "Vorbis", SF_FORMAT_OGG | SF_FORMAT_VORBIS, 8000, 2},
          {"ogg", "Opus", SF_FORMAT_OGG | SF_FORMAT_OPUS, 8000, 1},
          {"mp3", "MPEG-1", kMp3, 44100, 2},
          {"mp3", "MPEG-2", kMp3, 22050, 1}};
}

std::string make_audio(const AudioKind& kind) {
  const testing_support::TemporaryFolder folder;
  const std::string path = folder.path() / "seed";
  SF_INFO info{};
  info.format = kind.format;
  info.samplerate = kind.rate;
  info.channels = kind.channels;
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  if (file == nullptr) throw std::runtime_error(kind.name + ": " + sf_strerror(nullptr));
  sf_set_string(file, SF_STR_ARTIST, "Artist");
  std::vector<float> samples(static_cast<std::size_t>(kind.rate / 4 * kind.channels));
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] = 0.4F * std::sin(0.05F * static_cast<float>(i));
  sf_write_float(file, samples.data(), static_cast<sf_count_t>(samples.size()));
  sf_close(file);
  return testing_support::content_of(path);
}

}  // namespace chorale::fuzz
