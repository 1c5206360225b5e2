#include "pipeline/features/mel_scale.hpp"

#include <gtest/gtest.h>

namespace chorale::features {
namespace {

// librosa 0.11.0: hz_to_mel([110, 440, 1000, 6400]) is [1.65, 6.6, 15, 42] by its definition: 3 mel in 200
// Hz, then 27 mel in a factor of 6.4.
TEST(MelScale, IsLinearThenLogarithmic) {
  EXPECT_NEAR(hz_to_mel(110), 1.65, 1e-12);
  EXPECT_NEAR(hz_to_mel(440), 6.6, 1e-12);
  EXPECT_NEAR(hz_to_mel(1000), 15.0, 1e-12);
  EXPECT_NEAR(hz_to_mel(6400), 42.0, 1e-12);
  for (const double hz : {20.0, 999.0, 1001.0, 15000.0}) EXPECT_NEAR(mel_to_hz(hz_to_mel(hz)), hz, 1e-9);
}

// 41 bands over 0 .. 42 mel have their centres at 1, 2, ..., 41 mel.
TEST(MelScale, PlacesAFrequencyAmongTheBands) {
  EXPECT_NEAR(mel_band_of(200.0 / 3.0, 0, 6400, 41), 0.0, 1e-9);
  EXPECT_NEAR(mel_band_of(1000, 0, 6400, 41), 14.0, 1e-9);
  EXPECT_NEAR(mel_band_of(6400, 0, 6400, 41), 41.0, 1e-9);
}

}  // namespace
}  // namespace chorale::features
