// What the goldens of tests/golden/features do not show: shapes, independence of tracks, and the logarithm's
// error.
#include "ingest/features/mel.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "ingest/features/decibel.hpp"
#include "support/mel_spectrogram.hpp"
#include "support/noise.hpp"

namespace chorale::features {
namespace {

using testing_support::noise;

TEST(MelSpectrogram, FramesAreOnePlusSamplesByHop) {
  testing_support::MelSpectrogram mel({}, {.n_mels = 64});
  for (const auto& [samples, frames] : {std::pair{1U, 1U}, {511U, 1U}, {512U, 2U}, {660'984U, 1'291U}}) {
    EXPECT_EQ(mel.compute(noise(samples, 1)).size(), std::size_t{frames} * 64) << samples;
  }
}

TEST(MelSpectrogram, DoesNotDependOnTheTracksBefore) {
  testing_support::MelSpectrogram fresh({}, {}), used({}, {});
  const auto track = noise(20'000, 1);
  used.compute(noise(90'000, 2));
  used.compute(noise(100, 3));
  const auto expected = fresh.compute(track), actual = used.compute(track);
  EXPECT_EQ(std::vector(actual.begin(), actual.end()), std::vector(expected.begin(), expected.end()));
}

TEST(MelSpectrogram, FramesBeyondTheWindowSeeOnlyTheirOwnSamples) {
  auto track = noise(30'000, 4);
  testing_support::MelSpectrogram mel({.n_fft = 1024, .hop_length = 256}, {});
  const auto whole = mel.compute(track);
  const std::vector<float> before(whole.begin(), whole.begin() + 20 * 128);
  track.resize(20 * 256 + 512);  // frame 19 ends at sample 19 * 256 + 512
  const auto cut = mel.compute(track);
  EXPECT_EQ(std::vector<float>(cut.begin(), cut.begin() + 20 * 128), before);
}

// Expected: the C library's logarithm in double. 2e-5 dB is twice a float's resolution at 100 dB.
TEST(PowerToDb, IsWithinAFloatsResolutionOfTheLogarithm) {
  std::vector<float> values;
  for (float value = 1e-11F; value < 1e10F; value *= 1.00037F) values.push_back(value);
  std::vector<float> decibels = values;
  power_to_db(decibels);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double exact = 10.0 * std::log10(std::max(1e-10, static_cast<double>(values[i])));
    ASSERT_NEAR(decibels[i], exact, 2e-5) << values[i];
  }
}

TEST(PowerToDb, SilenceIsMinusHundred) {
  std::vector<float> values = {0.0F, 1e-30F, 1.0F};
  power_to_db(values);
  EXPECT_FLOAT_EQ(values[0], -100.0F);
  EXPECT_EQ(values[0], values[1]);
  EXPECT_EQ(values[2], 0.0F);
}

}  // namespace
}  // namespace chorale::features
