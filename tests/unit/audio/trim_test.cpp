#include "ingest/audio/trim.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "ingest/audio/effect_error.hpp"
#include "unit/audio/signals.hpp"

namespace chorale::audio {
namespace {

std::vector<float> between_silences(std::size_t before, std::size_t after) {
  std::vector<float> samples(before, 0.0F);
  const auto tone = signals::sine(10'000, 440);
  samples.insert(samples.end(), tone.begin(), tone.end());
  samples.resize(samples.size() + after);
  return samples;
}

TEST(Trim, LeavesWholeHopsAroundTheSound) {
  const auto samples = between_silences(20'000, 30'000);
  const auto part = trim(samples);
  // The first frame to hear the tone is centred less than 1024 samples before it, the last one behind it.
  const auto begin = part.data() - samples.data(), end = begin + std::ssize(part);
  EXPECT_EQ(begin, 19'456 - 19'456 % 512);
  EXPECT_EQ(end, 31'232);
  EXPECT_EQ(begin % 512 + end % 512, 0);
}

TEST(Trim, LeavesSoundWithoutSilenceAsItIs) {
  const auto samples = signals::sine(10'001, 440);
  const auto part = trim(samples);
  EXPECT_EQ(part.data(), samples.data());
  EXPECT_EQ(part.size(), samples.size());
}

TEST(Trim, LeavesSilenceAndWhisperAsLibrosaDoes) {
  EXPECT_EQ(trim(std::vector<float>(5'000, 0.0F)).size(), 5'000U);
  auto whisper = between_silences(20'000, 20'000);
  for (float& sample : whisper)
    sample *= 1e-2F;  // -46 dB: all is within 60 dB of it, as -100 dB is the floor
  EXPECT_EQ(trim(whisper).size(), whisper.size());
}

TEST(Trim, TakesOneSampleAndRefusesNone) {
  EXPECT_EQ(trim(std::vector{0.5F}).size(), 1U);
  EXPECT_THROW(trim({}), EffectError);
}

TEST(Trim, SaysThatNothingIsLeft) {
  EXPECT_THROW(trim(signals::sine(5'000, 440), {.top_db = -1}), EffectError);
}

}  // namespace
}  // namespace chorale::audio
