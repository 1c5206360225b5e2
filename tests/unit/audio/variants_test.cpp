#include "ingest/audio/variants.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "ingest/audio/effect_error.hpp"
#include "ingest/audio/noise.hpp"
#include "pipeline/runtime/hash.hpp"
#include "unit/audio/signals.hpp"

namespace chorale::audio {
namespace {

std::vector<float> copy(std::span<const float> samples) { return {samples.begin(), samples.end()}; }

Variant variant(Effect effect, double amount) { return {"name", effect, amount}; }

TEST(Variants, AreNamedByEffectAndAmount) {
  const VariantOptions options = {
      .time_stretch = {0.9, 1.1}, .pitch_shift = {-2, 0.5}, .noise = {20}, .gain = {-6}};
  std::vector<std::string> names;
  for (const Variant& each : make_variants(options)) names.push_back(each.name);
  EXPECT_THAT(names, testing::ElementsAre("time_stretch_0.9", "time_stretch_1.1", "pitch_shift_-2",
                                          "pitch_shift_0.5", "noise_20", "gain_-6"));
  EXPECT_TRUE(make_variants({}).empty());
}

TEST(Variants, TwiceTheSameIsRefused) {
  EXPECT_THROW(make_variants({.time_stretch = {}, .pitch_shift = {2, 2.0}, .noise = {}, .gain = {}}),
               runtime::UsageError);
}

TEST(Augmenter, AppliesEachEffect) {
  const auto samples = signals::sine(22'050, 441);
  Augmenter augmenter(signals::kRate, 1);
  EXPECT_EQ(augmenter.apply(variant(Effect::kTimeStretch, 2), samples, "a").size(), 11'025U);
  const auto shifted = augmenter.apply(variant(Effect::kPitchShift, 12), samples, "a");
  EXPECT_NEAR(signals::frequency(shifted.subspan(5'000, 10'000)), 882, 1);
  const auto quiet = augmenter.apply(variant(Effect::kGain, -20), samples, "a");
  for (std::size_t i = 0; i < samples.size(); ++i) ASSERT_FLOAT_EQ(quiet[i], samples[i] * 0.1F);
}

TEST(Augmenter, NoiseHasTheRatioAskedFor) {
  const auto samples = signals::sine(100'000, 441);
  Augmenter augmenter(signals::kRate, 1);
  for (const double snr : {-10.0, 0.0, 20.0, 60.0}) {
    auto noise = copy(augmenter.apply(variant(Effect::kNoise, snr), samples, "a"));
    double mean = 0;
    for (std::size_t i = 0; i < noise.size(); ++i) mean += (noise[i] -= samples[i]);
    // The power of n Gaussian samples has a standard deviation of sqrt(2 / n): 0.02 dB.
    EXPECT_NEAR(20 * std::log10(signals::rms(samples) / signals::rms(noise)), snr, 0.1);
    EXPECT_NEAR(mean / 100'000, 0, 5 * signals::rms(noise) / std::sqrt(100'000));
  }
}

TEST(Augmenter, NoiseIsGaussianAndWhite) {
  std::vector<float> noise(200'000, 1.0F);
  add_noise(noise, 0, runtime::RandomStream(3));
  int beyond_one = 0, beyond_two = 0, beyond_three = 0;
  double product = 0;
  for (std::size_t i = 0; i < noise.size(); ++i) {
    noise[i] -= 1.0F;
    const float size = std::abs(noise[i]);
    beyond_one += size > 1, beyond_two += size > 2, beyond_three += size > 3;
    if (i > 0) product += static_cast<double>(noise[i]) * static_cast<double>(noise[i - 1]);
  }
  EXPECT_NEAR(beyond_one / 2e5, 0.3173, 0.005);  // of the normal distribution, +- 5 standard deviations
  EXPECT_NEAR(beyond_two / 2e5, 0.0455, 0.0025);
  EXPECT_NEAR(beyond_three / 2e5, 0.0027, 0.0006);
  EXPECT_NEAR(product / 2e5, 0, 0.012);
}

TEST(Augmenter, NoiseDependsOnSeedTrackAndVariantAlone) {
  const auto samples = signals::sine(1'000, 441);
  const auto noisy = [&](std::uint64_t seed, const char* track, const char* name) {
    Augmenter augmenter(signals::kRate, seed);
    return copy(augmenter.apply({name, Effect::kNoise, 20}, samples, track));
  };
  const auto reference = noisy(1, "a", "noise_20");
  EXPECT_EQ(reference, noisy(1, "a", "noise_20"));
  EXPECT_NE(reference, noisy(2, "a", "noise_20"));
  EXPECT_NE(reference, noisy(1, "b", "noise_20"));
  EXPECT_NE(reference, noisy(1, "a", "noise_20.0"));

  Augmenter used(signals::kRate, 1);
  used.apply(variant(Effect::kNoise, 3), signals::sine(5'000, 100), "b");
  EXPECT_EQ(reference, copy(used.apply({"noise_20", Effect::kNoise, 20}, samples, "a")));
}

// The hash is this program's own, of GCC 12 on x86-64: it pins the stream, as a store that is continued must
// not change.
TEST(Augmenter, NoiseIsTheSameOnEveryMachine) {
  std::vector<float> samples(10'000);
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<float>(i % 7) / 8.0F;
  add_noise(samples, 10, runtime::RandomStream(7, {1, 2}));
  EXPECT_EQ(runtime::xxh3(samples.data(), samples.size() * sizeof(float)), 5616462930126177634U);
}

TEST(Augmenter, GainBeyondFullScaleIsNotClipped) {
  Augmenter augmenter(signals::kRate, 1);
  EXPECT_FLOAT_EQ(augmenter.apply(variant(Effect::kGain, 20), std::vector{0.5F}, "a")[0], 5.0F);
}

TEST(Augmenter, RefusesNothingAndNoiseOverSilence) {
  Augmenter augmenter(signals::kRate, 1);
  for (const Effect effect : {Effect::kTimeStretch, Effect::kPitchShift, Effect::kNoise, Effect::kGain}) {
    EXPECT_THROW(augmenter.apply(variant(effect, 1), {}, "a"), EffectError);
  }
  const std::vector<float> silence(1'000, 0.0F);
  EXPECT_THROW(augmenter.apply(variant(Effect::kNoise, 20), silence, "a"), EffectError);
  EXPECT_EQ(copy(augmenter.apply(variant(Effect::kGain, 20), silence, "a")), silence);
}

}  // namespace
}  // namespace chorale::audio
