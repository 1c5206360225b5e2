#include "pipeline/figures/spectrogram.hpp"

#include <gmock/gmock.h>

#include <array>
#include <cmath>

namespace chorale::figures {
namespace {

using ::testing::ElementsAre;
using ::testing::IsNan;

TEST(Spectrogram, PointsAreTheLargestValuesInThem) {
  const std::array<float, 8> values = {1, 5, 3, 4, 2, 9, -1, 0};  // two frames of four bins
  EXPECT_THAT(largest_in_points(values, {4, 2, 2, 9}), ElementsAre(5, 9, 4, 0));
  EXPECT_THAT(largest_in_points(values, {4, 2, 9, 1}), ElementsAre(2, 9, 3, 4));
  EXPECT_THAT(largest_in_points(values, {4, 3, 1, 3}), ElementsAre(5, 9, IsNan()));
}

TEST(Spectrogram, BlocksHaveALineARow) {
  EXPECT_EQ(image_block({1.26, std::nan(""), -3, 4}, {2, 2, 2, 2}, "{:.1f}"), "1.3\tnan\n-3.0\t4.0\n");
}

// Slaney's scale: 8192 Hz is at 15 + 27 ln(8.192) / ln(6.4) = 45.591 mel and 11025 Hz at 49.911, of which the
// centres of 128 bands are 129ths apart: 8192 Hz is at band 45.591 / (49.911 / 129) - 1 = 116.83.
TEST(Spectrogram, MelTicsStandAtTheirRows) {
  EXPECT_EQ(mel_tics({128, 10, 128, 10}, 0, 11025), "'512' 18.85, '2k' 64.72, '8k' 116.83");
}

TEST(Spectrogram, BinTicsAreRoundNumbers) {
  EXPECT_EQ(bin_tics({20, 10, 20, 10}), "'0' 0.00, '5' 5.00, '10' 10.00, '15' 15.00");
  EXPECT_EQ(bin_tics({40, 10, 20, 10}), "'0' -0.25, '10' 4.75, '20' 9.75, '30' 14.75");
  EXPECT_EQ(bin_tics({2, 10, 20, 10}), "'0' 0.00, '1' 1.00");
}

TEST(Spectrogram, TimeTicsLeaveOutTheEnd) {
  EXPECT_EQ(time_tics(3), "0, 1, 2");
  EXPECT_EQ(time_tics(10), "0, 2, 4, 6, 8");
  EXPECT_EQ(time_tics(30), "0, 5, 10, 15, 20, 25");
}

TEST(Spectrogram, LongNamesKeepTheirEnd) {
  EXPECT_EQ(shortened("blues/blues.00012", 20), "blues/blues.00012");
  EXPECT_EQ(shortened("blues/blues.00012", 10), "...s.00012");
}

}  // namespace
}  // namespace chorale::figures
