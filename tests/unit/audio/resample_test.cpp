#include "ingest/audio/resample.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>
#include <vector>

namespace chorale::audio {
namespace {

std::vector<float> resample(Resampler& resampler, const std::vector<float>& samples, std::int32_t rate,
                            std::size_t piece = 1'000'000) {
  resampler.begin(rate);
  for (auto rest = std::span(samples); !rest.empty(); rest = rest.subspan(std::min(piece, rest.size()))) {
    resampler.push(rest.first(std::min(piece, rest.size())));
  }
  const auto result = resampler.finish();
  return {result.begin(), result.end()};
}

TEST(Resampler, EqualRatesChangeNothing) {
  const std::vector<float> samples = {1, 2, 3};
  for (const std::int32_t target : {22050, 0}) {
    Resampler resampler(target);
    EXPECT_EQ(resample(resampler, samples, 22050, 2), samples);
  }
}

TEST(Resampler, ThePiecesDoNotMatter) {
  std::vector<float> samples(30'000);
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<float>(i * i % 1009) / 1009.0F;
  for (const std::int32_t rate : {8'000, 44'100, 48'000, 192'000}) {
    Resampler resampler(22050);
    const auto whole = resample(resampler, samples, rate);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{4'096}, std::size_t{10'007}}) {
      EXPECT_EQ(resample(resampler, samples, rate, piece), whole) << rate << " " << piece;
    }
  }
}

TEST(Resampler, LengthIsTheCeilingOfTheRatio) {
  Resampler resampler(22050);
  const auto length = [&](std::size_t n, std::int32_t rate) {
    return resample(resampler, std::vector<float>(n, 0.5F), rate).size();
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
    const auto actual = resample(resampler, tone(static_cast<std::size_t>(rate), rate), rate);
    const auto expected = tone(22050, 22050);
    for (std::size_t i = 500; i < 21'500; ++i) ASSERT_NEAR(actual[i], expected[i], 1e-4) << rate << " " << i;
  }
}

TEST(Resampler, NothingRemainsOfTheTrackBefore) {
  Resampler resampler(16000);
  const std::vector<float> loud(50'000, 1.0F), quiet(1'000, 0.0F);
  resample(resampler, loud, 44100);
  for (const float sample : resample(resampler, quiet, 44100)) ASSERT_EQ(sample, 0.0F);
}

}  // namespace
}  // namespace chorale::audio
