#include "ingest/synth/tone.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace chorale::synth {
namespace {

// The expected values are libm's, good to one unit in the last place.
TEST(Tone, SineAndPowerFollowLibm) {
  for (double x = -3.0; x < 3.0; x += 0.0137) {
    EXPECT_NEAR(sine(x), std::sin(2.0 * std::numbers::pi * x), 1e-10) << x;
    EXPECT_NEAR(power_of_two(x) / std::exp2(x), 1.0, 1e-12) << x;
  }
  EXPECT_NEAR(frequency_of(57), 220.0, 1e-9);
  EXPECT_NEAR(from_decibels(-20), 0.1, 1e-12);
  EXPECT_NEAR(decay(1.0), std::exp(-1.0), 1e-12);
}

TEST(Tone, WavetablesHaveUnitPowerAndLoseHarmonicsWithPitch) {
  std::array<double, kHarmonics> saw;
  for (std::size_t k = 0; k < kHarmonics; ++k) saw[k] = 1.0 / static_cast<double>(k + 1);
  const Wavetable wave(saw);
  const auto& high = wave.period_at(9000.0);
  for (const double frequency : {50.0, 500.0, 9000.0}) {
    double power = 0;
    const auto& period = wave.period_at(frequency);
    for (int i = 0; i < Wavetable::kSize; ++i) {
      power += period[static_cast<std::size_t>(i)] * period[static_cast<std::size_t>(i)];
    }
    EXPECT_NEAR(power / Wavetable::kSize, 1.0, 1e-5) << frequency;
  }
  // Above 5 kHz nothing but the fundamental fits below 10 kHz.
  for (std::size_t i = 0; i < Wavetable::kSize; ++i) {
    const double turns = static_cast<double>(i) / Wavetable::kSize;
    ASSERT_NEAR(high[i], std::numbers::sqrt2 * sine(turns), 1e-6);
  }
}

}  // namespace
}  // namespace chorale::synth
