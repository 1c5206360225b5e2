#include "ingest/audio/decode.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sndfile.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include "pipeline/runtime/random.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::audio {
namespace {

using ::testing::HasSubstr;

struct Format {
  int format = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
  int rate = 22050;
  int channels = 1;
  std::string artist = {};
};

class DecodeTest : public ::testing::Test {
 protected:
  std::filesystem::path write(const std::string& name, const std::vector<float>& interleaved,
                              const Format& format = {}) {
    const auto file = folder_.path() / name;
    SF_INFO info = {};
    info.samplerate = format.rate;
    info.channels = format.channels;
    info.format = format.format;
    SNDFILE* sound = sf_open(file.c_str(), SFM_WRITE, &info);
    if (sound == nullptr) throw std::runtime_error(sf_strerror(nullptr));
    if (!format.artist.empty()) sf_set_string(sound, SF_STR_ARTIST, format.artist.c_str());
    sf_write_float(sound, interleaved.data(), static_cast<sf_count_t>(interleaved.size()));
    sf_close(sound);
    return file;
  }

  std::filesystem::path write_bytes(const std::string& name, const std::string& bytes) {
    const auto file = folder_.path() / name;
    std::ofstream(file, std::ios::binary) << bytes;
    return file;
  }

  std::string reason(const std::filesystem::path& file) {
    try {
      decoder_.decode(file);
    } catch (const DecodeError& error) {
      return error.what();
    }
    return "decoded";
  }

  testing_support::TemporaryFolder folder_;
  Decoder decoder_;
};

std::vector<float> ramp(std::size_t n) {
  std::vector<float> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = static_cast<float>(i % 1000) / 1000.0F;
  return values;
}

std::string noise_bytes(std::size_t n, std::uint64_t seed) {
  runtime::RandomStream random(seed);
  std::string bytes(n, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random.below(256));
  return bytes;
}

TEST_F(DecodeTest, ReadsSamplesRateAndChannels) {
  const auto samples = ramp(10'000);
  const auto& recording = decoder_.decode(write("a.wav", samples, {.rate = 16000}));
  EXPECT_EQ(recording.samples, samples);
  EXPECT_EQ(recording.source_rate, 16000);
  EXPECT_EQ(recording.channels, 1);
  EXPECT_EQ(recording.artist, "");
}

TEST_F(DecodeTest, MonoIsTheMeanOverChannels) {
  const auto file = write("five.wav", {1, 2, 3, 4, 5, -1, 0, 0, 0, 0}, {.channels = 5});
  EXPECT_EQ(decoder_.decode(file).samples, (std::vector<float>{3.0F, -0.2F}));
  EXPECT_EQ(decoder_.decode(file).channels, 5);
}

TEST_F(DecodeTest, NothingRemainsOfTheFileBefore) {
  decoder_.decode(
      write("long.flac", ramp(50'000), {.format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16, .artist = "Ada"}));
  const auto& recording = decoder_.decode(write("short.wav", {0.5F, 0.25F}));
  EXPECT_EQ(recording.samples, (std::vector<float>{0.5F, 0.25F}));
  EXPECT_EQ(recording.artist, "");
}

TEST_F(DecodeTest, ArtistComesFromTheTags) {
  const auto file =
      write("a.flac", ramp(100), {.format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16, .artist = "Clara Schumann"});
  EXPECT_EQ(decoder_.decode(file).artist, "Clara Schumann");
  EXPECT_EQ(artist_tag(file), "Clara Schumann");
  EXPECT_EQ(artist_tag(write("b.wav", ramp(100))), "");
  EXPECT_EQ(artist_tag(folder_.path() / "missing.flac"), "");
}

TEST_F(DecodeTest, SaysWhyAFileCannotBeRead) {
  EXPECT_THAT(reason(folder_.path() / "missing.wav"), HasSubstr("No such file"));
  EXPECT_THAT(reason(folder_.path()), HasSubstr("not a regular file"));
  EXPECT_THAT(reason(write_bytes("empty.wav", "")), HasSubstr("empty file"));
  EXPECT_THAT(reason(write("header.wav", {})), HasSubstr("no samples"));
}

TEST_F(DecodeTest, NoiseBytesAreNoAudioUnderAnyName) {
  for (const char* name : {"n.wav", "n.au", "n.flac", "n.ogg", "n.mp3"}) {
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
      EXPECT_THAT(reason(write_bytes(name, noise_bytes(20'000, seed))), HasSubstr("not audio"))
          << name << seed;
    }
  }
}

TEST_F(DecodeTest, RefusesSamplesThatAreNotAudio) {
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), -1e20F}) {
    auto samples = ramp(9'000);
    samples[8'000] = bad;
    EXPECT_THAT(reason(write("bad.wav", samples)), HasSubstr("not finite"));
  }
}

TEST_F(DecodeTest, RefusesAbsurdRates) {
  EXPECT_THAT(reason(write("slow.wav", ramp(10), {.rate = 10})), HasSubstr("10 Hz"));
  EXPECT_THAT(reason(write("fast.wav", ramp(10), {.rate = 2'000'000})), HasSubstr("2000000 Hz"));
}

TEST_F(DecodeTest, ATruncatedWavGivesWhatIsThere) {
  const auto samples = ramp(10'000);
  const auto file = write("cut.wav", samples);
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 4 * 4'000);
  const auto& recording = decoder_.decode(file);
  EXPECT_EQ(recording.samples, std::vector<float>(samples.begin(), samples.begin() + 6'000));
}

TEST_F(DecodeTest, ATruncatedOggGivesWhatIsThere) {
  const auto file = write("cut.ogg", ramp(100'000), {.format = SF_FORMAT_OGG | SF_FORMAT_VORBIS});
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  const auto count = decoder_.decode(file).samples.size();
  EXPECT_GT(count, 30'000U);
  EXPECT_LT(count, 70'000U);
}

TEST_F(DecodeTest, ATruncatedFlacIsDamaged) {
  const auto file = write("cut.flac", ramp(100'000), {.format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16});
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  EXPECT_THAT(reason(file), HasSubstr("damaged"));
}

}  // namespace
}  // namespace chorale::audio
