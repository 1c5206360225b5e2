#include "ingest/audio/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sndfile.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/random.hpp"
#include "support/stream.hpp"
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

class LoadTest : public ::testing::Test {
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
      load(file);
    } catch (const DecodeError& error) {
      return error.what();
    }
    return "decoded";
  }

  // At the file's own rate.
  Recording load(const std::filesystem::path& file) {
    return loader_.load(*testing_support::open_stream(file));
  }
  Recording load(const std::filesystem::path& file, const LoadOptions& options) {
    loader_ = Loader(options);
    return load(file);
  }

  testing_support::TemporaryFolder folder_;
  Loader loader_{{.sample_rate = 0}};
};

std::vector<float> copy(std::span<const float> samples) { return {samples.begin(), samples.end()}; }

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

TEST_F(LoadTest, ReadsSamplesRateAndChannels) {
  const auto samples = ramp(10'000);
  const auto recording = load(write("a.wav", samples, {.rate = 16000}));
  EXPECT_EQ(copy(recording.samples), samples);
  EXPECT_EQ(recording.source_rate, 16000);
  EXPECT_EQ(recording.channels, 1);
  EXPECT_EQ(recording.artist, "");
}

TEST_F(LoadTest, MonoIsTheMeanOverChannels) {
  const auto file = write("five.wav", {1, 2, 3, 4, 5, -1, 0, 0, 0, 0}, {.channels = 5});
  EXPECT_EQ(copy(load(file).samples), (std::vector<float>{3.0F, -0.2F}));
  EXPECT_EQ(load(file).channels, 5);
}

TEST_F(LoadTest, NothingRemainsOfTheFileBefore) {
  load(write("long.flac", ramp(50'000), {.format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16, .artist = "Ada"}));
  const auto recording = load(write("short.wav", {0.5F, 0.25F}));
  EXPECT_EQ(copy(recording.samples), (std::vector<float>{0.5F, 0.25F}));
  EXPECT_EQ(recording.artist, "");
}

TEST_F(LoadTest, ArtistComesFromTheTags) {
  const auto file =
      write("a.flac", ramp(100), {.format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16, .artist = "Clara Schumann"});
  EXPECT_EQ(load(file).artist, "Clara Schumann");
}

TEST_F(LoadTest, SaysWhyAFileCannotBeRead) {
  EXPECT_THAT(reason(write_bytes("empty.wav", "")), HasSubstr("empty file"));
  EXPECT_THAT(reason(write("header.wav", {})), HasSubstr("no samples"));
}

TEST_F(LoadTest, NoiseBytesAreNoAudioUnderAnyName) {
  for (const char* name : {"n.wav", "n.au", "n.flac", "n.ogg", "n.mp3"}) {
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
      EXPECT_THAT(reason(write_bytes(name, noise_bytes(20'000, seed))), HasSubstr("not audio"))
          << name << seed;
    }
  }
}

TEST_F(LoadTest, RefusesSamplesThatAreNotAudio) {
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), -1e20F}) {
    auto samples = ramp(9'000);
    samples[8'000] = bad;
    EXPECT_THAT(reason(write("bad.wav", samples)), HasSubstr("not finite"));
  }
}

TEST_F(LoadTest, RefusesAbsurdRates) {
  EXPECT_THAT(reason(write("slow.wav", ramp(10), {.rate = 10})), HasSubstr("10 Hz"));
  EXPECT_THAT(reason(write("fast.wav", ramp(10), {.rate = 2'000'000})), HasSubstr("2000000 Hz"));
}

TEST_F(LoadTest, TakesTheChannelAskedFor) {
  const auto file = write("three.wav", {1, 2, 3, 4, 5, 6}, {.channels = 3});
  EXPECT_EQ(copy(load(file, {.sample_rate = 0, .mix = config::Channel::kLeft}).samples),
            (std::vector<float>{1, 4}));
  EXPECT_EQ(copy(load(file, {.sample_rate = 0, .mix = config::Channel::kRight}).samples),
            (std::vector<float>{2, 5}));
  const auto mono = write("mono.wav", {1, 2, 3});
  EXPECT_EQ(copy(load(mono, {.sample_rate = 0, .mix = config::Channel::kRight}).samples),
            (std::vector<float>{1, 2, 3}));
}

// librosa.load(offset=0.55, duration=0.8) of 20,000 samples at 10 kHz: samples 5,500 to 13,499.
TEST_F(LoadTest, OffsetAndDurationChooseAPart) {
  const auto samples = ramp(20'000);
  const auto file = write("a.wav", samples, {.rate = 10'000});
  const auto part = load(file, {.sample_rate = 0, .offset = 0.55, .duration = 0.8});
  EXPECT_EQ(copy(part.samples), std::vector<float>(samples.begin() + 5'500, samples.begin() + 13'500));
  EXPECT_EQ(part.duration, 0.8);
  EXPECT_EQ(load(file, {.sample_rate = 0, .offset = 1.5, .duration = 9}).samples.size(), 5'000U);
  loader_ = Loader({.sample_rate = 0, .offset = 3});
  EXPECT_THAT(reason(file), HasSubstr("no sample at audio.offset = 3 s"));
}

TEST_F(LoadTest, RefusesLongerRecordingsThanAllowed) {
  const auto file = write("a.wav", ramp(20'000), {.rate = 10'000});
  EXPECT_EQ(load(file, {.sample_rate = 0, .max_seconds = 2}).samples.size(), 20'000U);
  loader_ = Loader({.sample_rate = 0, .max_seconds = 1.99});
  EXPECT_THAT(reason(file), HasSubstr("longer than audio.max_seconds = 1.99 s"));
  EXPECT_EQ(load(file, {.sample_rate = 0, .duration = 1, .max_seconds = 1.5}).samples.size(), 10'000U)
      << "what is not read does not count";
}

// The blocks of the stream leave no seam: the same as all samples in one piece.
TEST_F(LoadTest, ResamplesAsOneStream) {
  const auto samples = ramp(100'000);
  Resampler resampler(22050);
  resampler.begin(44100);
  resampler.push(samples);
  const auto expected = copy(resampler.finish());
  EXPECT_EQ(copy(load(write("a.wav", samples, {.rate = 44100}), {}).samples), expected);
  EXPECT_EQ(expected.size(), 50'000U);
}

TEST_F(LoadTest, AStreamThatFailsIsNoMatterOfTheFile) {
  struct Failing : tree::ByteStream {
    std::uint64_t size() const override { return 1'000'000; }
    std::size_t read_at(std::uint64_t offset, std::span<std::byte> out) const override {
      if (offset > 100'000) throw runtime::FileError("the disk is gone");
      return start->read_at(offset, out);
    }
    std::unique_ptr<tree::ByteStream> start;
  } failing;
  failing.start = testing_support::open_stream(write("a.wav", ramp(200'000)));
  EXPECT_THROW(loader_.load(failing), runtime::FileError);
}

TEST_F(LoadTest, ATruncatedWavGivesWhatIsThere) {
  const auto samples = ramp(10'000);
  const auto file = write("cut.wav", samples);
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 4 * 4'000);
  const auto recording = load(file);
  EXPECT_EQ(copy(recording.samples), std::vector<float>(samples.begin(), samples.begin() + 6'000));
}

TEST_F(LoadTest, ATruncatedOggGivesWhatIsThere) {
  const auto file = write("cut.ogg", ramp(100'000), {.format = SF_FORMAT_OGG | SF_FORMAT_VORBIS});
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  const auto count = load(file).samples.size();
  EXPECT_GT(count, 30'000U);
  EXPECT_LT(count, 70'000U);
}

TEST_F(LoadTest, ATruncatedFlacIsDamaged) {
  const auto file = write("cut.flac", ramp(100'000), {.format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16});
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  EXPECT_THAT(reason(file), HasSubstr("damaged"));
}

}  // namespace
}  // namespace chorale::audio
