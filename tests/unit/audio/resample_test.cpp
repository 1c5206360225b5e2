#include "ingest/audio/resample.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace chorale::audio {
namespace {

TEST(Resampler, EqualRatesReturnTheInputItself) {
  const std::vector<float> samples = {1, 2, 3};
  EXPECT_EQ(Resampler(22050).resample(samples, 22050).data(), samples.data());
}

TEST(Resampler, LengthIsTheCeilingOfTheRatio) {
  Resampler resampler(22050);
  const auto length = [&](std::size_t n, std::int32_t rate) {
    return resampler.resample(std::vector<float>(n, 0.5F), rate).size();
  };
  EXPECT_EQ(length(1'321'967, 44100), 660'984U);  // a clip of the FMA data set
  EXPECT_EQ(length(1, 44100), 1U);
  EXPECT_EQ(length(1, 8000), 3U);
  EXPECT_EQ(length(48'000, 48000), 22'050U);
  EXPECT_EQ(length(100'000, 768'000), 2'872U);
  EXPECT_EQ(length(1'000, 1'000), 22'050U);
}

TEST(Resampler, KeepsAToneAndItsLevel) {
  const auto tone = [](std::size_t n, double rate) {
    std::vector<float> samples(n);
    for (std::size_t i = 0; i < n; ++i) {
      samples[i] = static_cast<float>(std::sin(2 * std::numbers::pi * 1000 * static_cast<double>(i) / rate));
    }
    return samples;
  };
  for (const std::int32_t rate : {8000, 44100, 48000, 96000}) {
    Resampler resampler(22050);
    const auto actual = resampler.resample(tone(static_cast<std::size_t>(rate), rate), rate);
    const auto expected = tone(22050, 22050);
    for (std::size_t i = 500; i < 21'500; ++i) ASSERT_NEAR(actual[i], expected[i], 1e-4) << rate << " " << i;
  }
}

TEST(Resampler, NothingRemainsOfTheTrackBefore) {
  Resampler resampler(16000);
  const std::vector<float> loud(50'000, 1.0F), quiet(1'000, 0.0F);
  resampler.resample(loud, 44100);
  for (const float sample : resampler.resample(quiet, 44100)) ASSERT_EQ(sample, 0.0F);
}

}  // namespace
}  // namespace chorale::audio
