// What the goldens of tests/golden/features do not show of the spectral features: what is refused, the
// shortest tracks, reuse.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "ingest/features/error.hpp"
#include "ingest/features/mfcc.hpp"
#include "ingest/features/moments.hpp"
#include "ingest/features/spectral_contrast.hpp"
#include "ingest/features/spectral_shape.hpp"
#include "ingest/features/stft.hpp"
#include "ingest/features/waveform.hpp"
#include "support/noise.hpp"

namespace chorale::features {
namespace {

using testing_support::noise;

std::vector<float> contrast_of(SpectralContrast& contrast, const std::vector<float>& samples) {
  Stft stft({});
  contrast.begin(stft.frames(samples.size()));
  std::vector<float> magnitudes(stft.bins());
  stft.power(samples, [&](std::size_t frame, std::span<const float> power) {
    magnitude(power, magnitudes);
    contrast.add(frame, magnitudes);
  });
  Frames result;
  contrast.finish(result);
  return {result.values().begin(), result.values().end()};
}

TEST(SpectralContrast, DoesNotDependOnTheTracksBefore) {
  SpectralContrast fresh({}), used({});
  contrast_of(used, noise(90'000, 2));
  const auto track = noise(20'000, 1);
  EXPECT_EQ(contrast_of(used, track), contrast_of(fresh, track));
}

TEST(SpectralContrast, RefusesBandsWithoutBins) {
  // The last band begins at 6400 Hz.
  EXPECT_NO_THROW(SpectralContrast({.sample_rate = 12801}));
  EXPECT_THROW(SpectralContrast({.sample_rate = 12800}), FeatureError);
  try {
    const SpectralContrast contrast({.sample_rate = 22050, .n_fft = 64});
    FAIL() << "the band from 0 to 200 Hz has one bin, and its last is left out";
  } catch (const FeatureError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("features.n_fft 64"));
  }
}

TEST(Mfcc, RefusesMoreCoefficientsThanMels) {
  EXPECT_NO_THROW(Mfcc(20, 20));
  EXPECT_THROW(Mfcc(20, 21), FeatureError);
}

TEST(Delta, OfOneFrameIsZero) {
  Frames one, result;
  one.resize(1, 3);
  std::ranges::fill(one.values(), 5.0F);
  for (const auto derivative : {Derivative::kFirst, Derivative::kSecond}) {
    delta(one, derivative, result);
    for (const float value : result.values()) EXPECT_NEAR(value, 0.0F, 1e-6);
  }
}

TEST(Waveform, OfOneSample) {
  std::vector<float> result;
  rms(std::vector{0.5F}, {}, result);
  ASSERT_EQ(result.size(), 1U);
  EXPECT_FLOAT_EQ(result[0], 0.5F / std::sqrt(2048.0F));
  ZeroCrossingRate({}).compute(std::vector{-0.5F}, result);
  EXPECT_EQ(result, std::vector{0.0F});
}

TEST(Waveform, HopsLongerThanFramesLeaveSamplesOut) {
  const std::vector<float> samples = {1, -1, 1, -1, 1, -1, 1, -1, 1};
  std::vector<float> result;
  rms(samples, {.frame_length = 2, .hop_length = 4}, result);
  EXPECT_THAT(result, ::testing::ElementsAre(std::sqrt(0.5F), 1.0F, 1.0F));
  ZeroCrossingRate({.frame_length = 2, .hop_length = 4}).compute(samples, result);
  EXPECT_THAT(result, ::testing::ElementsAre(0.0F, 0.5F, 0.5F));
}

TEST(Moments, OfValuesThatDoNotVary) {
  std::vector<float> values(100, 0.3F);
  const Moments result = moments(values);
  EXPECT_EQ(result.skew, 0.0);
  EXPECT_EQ(result.kurtosis, -3.0);
  EXPECT_EQ(result.median, static_cast<double>(0.3F));
}

}  // namespace
}  // namespace chorale::features
