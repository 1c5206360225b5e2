// Statistics of draws: 20,000 samples, tolerances of four standard errors of what is estimated.
#include "train/augment/draw.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace chorale::train {
namespace {

constexpr std::uint32_t kSamples = 20'000;
constexpr SampleSize kSize{129, 64};

// Mean and variance of a number over all samples.
template <class Number>
std::pair<double, double> moments(Number number) {
  double sum = 0, square = 0;
  for (std::uint32_t sample = 0; sample < kSamples; ++sample) {
    const double value = number(SampleKey{1, 2, sample});
    sum += value;
    square += value * value;
  }
  const double mean = sum / kSamples;
  return {mean, square / kSamples - mean * mean};
}

double four_errors(double variance) { return 4 * std::sqrt(variance / kSamples); }

// Uniform on 0..20: mean 10, variance (21^2 - 1) / 12.
TEST(DrawMasks, AreOfAnyWidthUpToTheLargestAndLieWithin) {
  const config::TrainAugment options{.time_masks = 2, .time_mask_width = 20, .frequency_masks = 1};
  const auto [mean, variance] = moments([&](const SampleKey& key) {
    const auto masks = draw_masks(options, key, kSize);
    EXPECT_EQ(masks.frames.size(), 2U);
    EXPECT_EQ(masks.bins.size(), 1U);
    for (const Span& span : masks.frames) {
      EXPECT_GE(span.first, 0);
      EXPECT_LE(span.first + span.count, kSize.frames);
      EXPECT_LE(span.count, 20);
    }
    EXPECT_LE(masks.bins[0].first + masks.bins[0].count, kSize.bins);
    return static_cast<double>(masks.frames[1].count);
  });
  EXPECT_NEAR(mean, 10, four_errors(440.0 / 12));
  EXPECT_NEAR(variance, 440.0 / 12, 1);
}

TEST(DrawMasks, CoverEveryFrameAndFitIntoAShortSample) {
  const config::TrainAugment options{.time_masks = 1, .time_mask_width = 20};
  std::set<std::int64_t> covered;
  for (std::uint32_t sample = 0; sample < 500; ++sample) {
    const auto mask = draw_masks(options, {1, 2, sample}, {5, 1}).frames[0];
    EXPECT_LE(mask.first + mask.count, 5);
    for (std::int64_t i = 0; i < mask.count; ++i) covered.insert(mask.first + i);
  }
  EXPECT_EQ(covered.size(), 5U);
}

// Beta(a, a) has mean 1/2 and variance 1 / (4 (2a + 1)).
TEST(DrawMix, WeightsOfMixupAreBetaDistributed) {
  for (const double alpha : {0.2, 1.0, 4.0}) {
    const config::TrainAugment options{.mixup = alpha};
    const auto [mean, variance] = moments([&](const SampleKey& key) {
      const auto mix = draw_mix(options, key, kSamples, kSize);
      EXPECT_EQ(mix.kind, Mix::Kind::kMixup);
      return mix.weight;
    });
    const double expected = 1 / (4 * (2 * alpha + 1));
    EXPECT_NEAR(mean, 0.5, four_errors(expected)) << alpha;
    EXPECT_NEAR(variance, expected, 0.03 * expected) << alpha;
  }
}

TEST(DrawMix, WeightsOfATinyAlphaAreStillNumbers) {
  const config::TrainAugment options{.mixup = 1e-4};
  for (std::uint32_t sample = 0; sample < 1000; ++sample) {
    const double weight = draw_mix(options, {1, 2, sample}, kSamples, kSize).weight;
    EXPECT_TRUE(weight >= 0 && weight <= 1) << weight;
  }
}

// Uniform on 0..n-1: mean (n - 1) / 2, variance (n^2 - 1) / 12.
TEST(DrawMix, AnySampleMayBeThePartner) {
  const config::TrainAugment options{.mixup = 1};
  const auto partner = [&](const SampleKey& key) {
    return static_cast<double>(draw_mix(options, key, 1000, kSize).partner);
  };
  const auto [mean, variance] = moments(partner);
  EXPECT_NEAR(mean, 499.5, four_errors(1e6 / 12));
  EXPECT_NEAR(variance, 1e6 / 12, 2000);
}

TEST(DrawMix, TheWeightOfCutmixIsTheAreaThatIsKept) {
  const config::TrainAugment options{.cutmix = 1};
  std::set<std::int64_t> firsts;
  for (std::uint32_t sample = 0; sample < 2000; ++sample) {
    const auto mix = draw_mix(options, {1, 2, sample}, kSamples, kSize);
    EXPECT_EQ(mix.kind, Mix::Kind::kCutmix);
    EXPECT_GE(mix.frames.first, 0);
    EXPECT_LE(mix.frames.first + mix.frames.count, kSize.frames);
    EXPECT_LE(mix.bins.first + mix.bins.count, kSize.bins);
    const auto area = static_cast<double>(mix.frames.count * mix.bins.count);
    EXPECT_NEAR(1 - mix.weight, area / static_cast<double>(kSize.frames * kSize.bins), 1e-12);
    firsts.insert(mix.frames.first);
  }
  EXPECT_GT(firsts.size(), 100U);
}

TEST(DrawMix, ACoinDecidesBetweenTheTwo) {
  const config::TrainAugment options{.mixup = 1, .cutmix = 1};
  const auto [share, variance] = moments([&](const SampleKey& key) {
    return draw_mix(options, key, kSamples, kSize).kind == Mix::Kind::kCutmix ? 1.0 : 0.0;
  });
  EXPECT_NEAR(share, 0.5, four_errors(0.25));
}

TEST(DrawView, MovesTheSliceWithinItsTrack) {
  const config::TrainAugment options{.crop = 0.5};
  const auto range = [&](std::uint32_t first, std::uint32_t frames, std::uint64_t track) {
    std::set<std::uint32_t> seen;
    for (std::uint32_t sample = 0; sample < 500; ++sample)
      seen.insert(draw_view(options, {1, 2, sample}, {{7, first}, frames}, track).slice.first);
    return std::pair(*seen.begin(), *seen.rbegin());
  };
  EXPECT_EQ(range(20, 10, 100), std::pair(15U, 25U));
  EXPECT_EQ(range(2, 10, 100), std::pair(0U, 7U));
  EXPECT_EQ(range(90, 10, 100), std::pair(85U, 90U));
  EXPECT_EQ(range(0, 10, 6), std::pair(0U, 0U));
  EXPECT_EQ(draw_view(options, {1, 2, 3}, {{7, 20}, 10}, 100).slice.track, 7U);
}

// Uniform on +-6 dB: variance 12^2 / 12.
TEST(DrawView, TheGainIsUniform) {
  const config::TrainAugment options{.gain = 6};
  const auto [mean, variance] = moments([&](const SampleKey& key) {
    const double gain = draw_view(options, key, {{0, 5}, 10}, 100).gain;
    EXPECT_LE(std::abs(gain), 6);
    return gain;
  });
  EXPECT_NEAR(mean, 0, four_errors(12));
  EXPECT_NEAR(variance, 12, 0.3);
}

TEST(Draws, AreOffByDefault) {
  const config::TrainAugment off;
  const auto view = draw_view(off, {1, 2, 3}, {{7, 20}, 10}, 100);
  EXPECT_EQ(view.slice.first, 20U);
  EXPECT_EQ(view.gain, 0);
  EXPECT_EQ(draw_mix(off, {1, 2, 3}, 10, kSize).kind, Mix::Kind::kNone);
  EXPECT_TRUE(draw_masks(off, {1, 2, 3}, kSize).frames.empty());
}

TEST(Draws, DependOnSeedEpochAndSampleAndNotOnOtherEffects) {
  config::TrainAugment options{.time_masks = 1, .time_mask_width = 100, .gain = 6};
  const SampleKey key{1, 2, 3};
  const auto gain_of = [&](const SampleKey& of) { return draw_view(options, of, {{0, 50}, 10}, 100).gain; };
  const float gain = gain_of(key);
  const Span mask = draw_masks(options, key, kSize).frames[0];
  EXPECT_EQ(gain_of(key), gain);
  EXPECT_NE(gain_of({2, 2, 3}), gain);
  EXPECT_NE(gain_of({1, 3, 3}), gain);
  EXPECT_NE(gain_of({1, 2, 4}), gain);
  options.crop = 0.5;
  options.mixup = 1;
  options.frequency_masks = 3;
  EXPECT_EQ(gain_of(key), gain);
  EXPECT_EQ(draw_masks(options, key, kSize).frames[0].first, mask.first);
  EXPECT_NE(draw_noise_seed(key), draw_noise_seed({1, 2, 4}));
}

}  // namespace
}  // namespace chorale::train
