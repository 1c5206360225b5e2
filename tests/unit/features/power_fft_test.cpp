#include "ingest/features/power_fft.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include "ingest/features/stft.hpp"
#include "support/noise.hpp"

namespace chorale::features {
namespace {

using testing_support::noise;

// [1 + n/2][kLanes] of frames `hop` apart.
std::vector<float> power_of(const std::vector<float>& samples, std::size_t n, std::size_t hop,
                            std::size_t width = PowerFft::widest()) {
  std::vector<float> power((1 + n / 2) * kLanes);
  PowerFft(periodic_hann(n), width).compute(samples, hop, power);
  return power;
}

// Expected: the definition, in double, of every 37th bin. 1.2e-7 is a float's rounding, the rest that of the
// sum.
TEST(PowerFft, IsTheDefinition) {
  for (const std::size_t n : {1024U, 2048U}) {
    const auto samples = noise(7 * 300 + n, n);
    const auto power = power_of(samples, n, 300);
    const auto window = periodic_hann(n);
    for (std::size_t bin = 0; bin <= n / 2; bin += bin < 37 ? 1 : 37) {
      for (std::size_t frame = 0; frame < kLanes; ++frame) {
        std::complex<double> sum = 0;
        for (std::size_t i = 0; i < n; ++i) {
          const double turn = static_cast<double>(bin * i % n) / static_cast<double>(n);
          sum += window[i] * static_cast<double>(samples[frame * 300 + i]) *
                 std::polar(1.0, -2 * std::numbers::pi * turn);
        }
        ASSERT_NEAR(power[bin * kLanes + frame] / std::norm(sum), 1.0, 1e-6)
            << n << " " << bin << " " << frame;
      }
    }
  }
}

TEST(PowerFft, IsTheSameBitsInVectorsOfEveryWidth) {
  for (const std::size_t n : {1024U, 2048U}) {
    const auto samples = noise(7 * 512 + n, 5);
    const auto expected = power_of(samples, n, 512, 2);
    for (std::size_t width = 4; width <= PowerFft::widest(); width *= 2) {
      EXPECT_EQ(power_of(samples, n, 512, width), expected) << n << " " << width;
    }
  }
}

TEST(PowerFft, ALaneDoesNotSeeItsNeighbours) {
  constexpr std::size_t kSize = 2048;
  auto samples = noise(8 * kSize, 6);
  const auto before = power_of(samples, kSize, kSize);
  for (std::size_t i = 3 * kSize; i < 4 * kSize; ++i) samples[i] = 0;
  const auto after = power_of(samples, kSize, kSize);
  for (std::size_t i = 0; i < after.size(); ++i) ASSERT_EQ(after[i], i % kLanes == 3 ? 0.0F : before[i]) << i;
}

// FFTW does the sizes that PowerFft does not; both give the frames of librosa.stft, whatever their number.
TEST(Stft, PowerInLanesIsThePowerOfFrames) {
  for (const std::size_t n_fft : {512U, 1000U, 1024U, 2048U}) {
    for (const std::size_t length : {1U, 700U, 3'583U, 3'584U, 30'000U}) {
      Stft stft({.n_fft = n_fft, .hop_length = 512});
      const auto samples = noise(length, length);
      std::vector<float> rows, lanes(stft.frames(length) * stft.bins());
      stft.power(samples, [&](std::size_t frame, std::span<const float> power) {
        EXPECT_EQ(frame * stft.bins(), rows.size());
        rows.insert(rows.end(), power.begin(), power.end());
      });
      stft.power_in_lanes(samples, [&](std::size_t first, std::size_t count, std::span<const float> power) {
        for (std::size_t i = 0; i < power.size(); ++i) {
          if (i % kLanes < count) lanes[(first + i % kLanes) * stft.bins() + i / kLanes] = power[i];
        }
      });
      EXPECT_EQ(rows, lanes) << n_fft << " " << length;
      std::size_t bin = 0;
      stft.spectrum(samples, [&](std::size_t, std::span<const std::complex<double>> spectrum) {
        double largest = 0;
        for (const auto& value : spectrum) largest = std::max(largest, std::norm(value));
        for (const auto& value : spectrum) {
          ASSERT_NEAR(rows[bin++], std::norm(value), 1e-6 * largest) << n_fft << " " << length;
        }
      });
    }
  }
}

}  // namespace
}  // namespace chorale::features
