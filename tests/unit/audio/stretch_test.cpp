#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "ingest/audio/effect_error.hpp"
#include "ingest/audio/pitch_shift.hpp"
#include "ingest/audio/time_stretch.hpp"
#include "unit/audio/signals.hpp"

namespace chorale::audio {
namespace {

std::span<const float> inner(std::span<const float> samples) {
  return samples.subspan(samples.size() / 4, samples.size() / 2);
}

TEST(TimeStretcher, ChangesTheLengthAndKeepsTheFrequency) {
  const auto samples = signals::sine(44'100, 441);
  TimeStretcher stretcher;
  for (const double rate : {0.1, 0.5, 0.9, 1.0, 1.3, 4.0}) {
    const auto stretched = stretcher.stretch(samples, rate);
    EXPECT_EQ(stretched.size(), static_cast<std::size_t>(std::lround(44'100 / rate))) << rate;
    EXPECT_NEAR(signals::frequency(inner(stretched)), 441, 1) << rate;
  }
}

TEST(TimeStretcher, RoundsHalvesToEvenAsPython) {
  TimeStretcher stretcher;
  EXPECT_EQ(stretcher.stretch(std::vector<float>(5, 0.1F), 2).size(), 2U);
  EXPECT_EQ(stretcher.stretch(std::vector<float>(7, 0.1F), 2).size(), 4U);
}

TEST(TimeStretcher, AtRateOneGivesTheSamplesBack) {
  const auto samples = signals::sine(5'000, 700);
  TimeStretcher stretcher;
  const auto stretched = stretcher.stretch(samples, 1);
  for (std::size_t i = 0; i < samples.size(); ++i) ASSERT_NEAR(stretched[i], samples[i], 1e-6) << i;
}

TEST(TimeStretcher, SilenceStaysSilentAfterALoudTrack) {
  TimeStretcher stretcher;
  stretcher.stretch(signals::sine(30'000, 441), 0.8);
  const auto stretched = stretcher.stretch(std::vector<float>(3'000, 0.0F), 0.8);
  EXPECT_EQ(std::ranges::count(stretched, 0.0F), 3'750);
}

TEST(TimeStretcher, RefusesWhatLeavesNothing) {
  TimeStretcher stretcher;
  EXPECT_EQ(stretcher.stretch(std::vector{0.5F}, 1.5).size(), 1U);
  EXPECT_THROW(stretcher.stretch(std::vector{0.5F}, 2), EffectError);
  EXPECT_THROW(stretcher.stretch({}, 0.5), EffectError);
}

TEST(PitchShifter, ChangesTheFrequencyAndKeepsTheLength) {
  const auto samples = signals::sine(44'100, 441);
  PitchShifter shifter(signals::kRate);
  for (const double semitones : {-12.0, -2.0, 0.0, 0.5, 12.0}) {
    const auto shifted = shifter.shift(samples, semitones);
    ASSERT_EQ(shifted.size(), samples.size());
    EXPECT_NEAR(signals::frequency(inner(shifted)), 441 * std::exp2(semitones / 12), 1) << semitones;
  }
}

TEST(PitchShifter, TakesOneSampleAndRefusesNone) {
  PitchShifter shifter(signals::kRate);
  EXPECT_EQ(shifter.shift(std::vector{0.5F}, 12).size(), 1U);
  EXPECT_THROW(shifter.shift(std::vector{0.5F}, -12), EffectError);
  EXPECT_THROW(shifter.shift({}, 12), EffectError);
}

}  // namespace
}  // namespace chorale::audio
