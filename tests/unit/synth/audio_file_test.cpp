#include "ingest/synth/audio_file.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <vector>

#include "ingest/audio/load.hpp"
#include "ingest/synth/music.hpp"
#include "ingest/synth/tone.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "support/stream.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::synth {
namespace {

using ::testing::HasSubstr;
using testing_support::TemporaryFolder;

std::vector<float> tone(std::size_t frames, const Mp3Format& format) {
  std::vector<float> samples;
  for (std::size_t i = 0; i < frames; ++i) {
    const auto value = static_cast<float>(0.5 * sine(440.0 * static_cast<double>(i) / format.rate));
    samples.insert(samples.end(), static_cast<std::size_t>(format.channels), value);
  }
  return samples;
}

// LAME turns the music down by 5 % at this bit rate. Beyond that the RMS of the difference, for a tone, stays
// 40 dB below it.
TEST(AudioFile, Mp3KeepsRateChannelsLengthTagsAndSound) {
  const TemporaryFolder work;
  for (const Mp3Format format : {Mp3Format{44100, 2}, Mp3Format{48000, 2}, Mp3Format{22050, 1}}) {
    const auto file = work.path() / "tone.mp3";
    const auto samples = tone(30000, format);
    write_mp3(file, format, samples, {"Zoë", "One"});
    audio::Loader loader({.sample_rate = 0});
    const auto read = loader.load(*testing_support::open_stream(file));
    EXPECT_EQ(read.source_rate, format.rate);
    EXPECT_EQ(read.channels, format.channels);
    EXPECT_EQ(read.artist, "Zoë");
    ASSERT_EQ(read.samples.size(), 30000U);
    double error = 0, power = 0;
    for (std::size_t i = 0; i < read.samples.size(); ++i) {
      const double wanted = samples[i * static_cast<std::size_t>(format.channels)];
      error += (read.samples[i] - 0.95 * wanted) * (read.samples[i] - 0.95 * wanted);
      power += wanted * wanted;
    }
    EXPECT_LT(error, 1e-4 * power) << format.rate;
  }
}

TEST(AudioFile, Mp3IsTheSameBytesEveryTime) {
  const TemporaryFolder work;
  const Mp3Format format;
  const auto samples = tone(30000, format);
  write_mp3(work.path() / "one.mp3", format, samples, {"Artist", "Title"});
  write_mp3(work.path() / "two.mp3", format, samples, {"Artist", "Title"});
  EXPECT_EQ(runtime::read_file(work.path() / "one.mp3"), runtime::read_file(work.path() / "two.mp3"));
}

TEST(AudioFile, SaysWhatItNeedsForMp3) {
  require_mp3({44100, 2});
  try {
    require_mp3({44100, 6});  // MPEG-1 has two channels, so every libsndfile refuses
    FAIL() << "accepted";
  } catch (const CollectionError& error) {
    EXPECT_THAT(error.what(), HasSubstr("cannot be written by libsndfile-"));
    EXPECT_THAT(error.what(), HasSubstr("1.1 or newer"));
  }
}

}  // namespace
}  // namespace chorale::synth
