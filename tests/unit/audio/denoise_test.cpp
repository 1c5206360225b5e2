#include "ingest/audio/denoise.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "ingest/audio/clean.hpp"
#include "ingest/audio/effect_error.hpp"
#include "ingest/audio/noise.hpp"
#include "unit/audio/signals.hpp"

namespace chorale::audio {
namespace {

// Four seconds of hiss with a tone in the third.
std::vector<float> tone_in_hiss() {
  std::vector<float> samples(88'200, 1.0F);
  add_noise(samples, 40, runtime::RandomStream(1));
  const auto tone = signals::sine(22'050, 1'000);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const bool sounds = i / 22'050 == 2;
    samples[i] += (sounds ? tone[i % 22'050] : 0.0F) - 1.0F;
  }
  return samples;
}

std::vector<float> copy(std::span<const float> samples) { return {samples.begin(), samples.end()}; }

TEST(Denoiser, TakesNoiseAwayAndLeavesTheTone) {
  const auto samples = tone_in_hiss();
  Denoiser denoiser(signals::kRate);
  const auto clean = denoiser.denoise(samples);
  ASSERT_EQ(clean.size(), samples.size());
  const auto part = [](std::span<const float> all, std::size_t first) { return all.subspan(first, 11'025); };
  const auto left = [&](std::size_t first) {
    return signals::rms(part(clean, first)) / signals::rms(part(samples, first));
  };
  EXPECT_LT(left(5'000), 0.1);
  EXPECT_GT(left(49'000), 0.3);  // the mask of one tone, smoothed over 500 Hz, does not reach 1
  EXPECT_NEAR(signals::frequency(part(clean, 49'000)), 1'000, 1);
}

TEST(Denoiser, SilenceStaysSilent) {
  Denoiser denoiser(signals::kRate);
  const auto clean = denoiser.denoise(std::vector<float>(5'000, 0.0F));
  EXPECT_EQ(std::ranges::count(clean, 0.0F), 5'000);
}

TEST(Denoiser, NothingRemainsOfTheTrackBefore) {
  const auto samples = tone_in_hiss();
  Denoiser used(signals::kRate), fresh(signals::kRate);
  used.denoise(signals::sine(200'000, 300));
  EXPECT_EQ(copy(used.denoise(samples)), copy(fresh.denoise(samples)));
}

TEST(Denoiser, RefusesWhatIsTooShort) {
  Denoiser denoiser(signals::kRate);
  EXPECT_EQ(denoiser.denoise(std::vector<float>(1'024, 0.1F)).size(), 1'024U);
  for (const std::size_t n : {0U, 1U, 1'023U}) {
    EXPECT_THROW(denoiser.denoise(std::vector<float>(n, 0.1F)), EffectError) << n;
  }
}

TEST(Denoiser, RefusesRatesThatNoisereduceRefuses) {
  EXPECT_NO_THROW(Denoiser(5'120));
  EXPECT_NO_THROW(Denoiser(256'000));
  EXPECT_THROW(Denoiser(5'119), runtime::UsageError);
  EXPECT_THROW(Denoiser(256'001), runtime::UsageError);
}

TEST(Cleaner, TrimsFirst) {
  auto samples = tone_in_hiss();
  std::fill_n(samples.begin(), 22'050, 0.0F);
  Cleaner trims(signals::kRate, {.trim = TrimOptions{}, .denoise = {}});
  Cleaner both(signals::kRate, {.trim = TrimOptions{}, .denoise = DenoiseOptions{}});
  Cleaner nothing(signals::kRate, {});
  const auto trimmed = copy(trims.clean(samples));
  EXPECT_LT(trimmed.size(), samples.size());
  Denoiser denoiser(signals::kRate);
  EXPECT_EQ(copy(both.clean(samples)), copy(denoiser.denoise(trimmed)));
  EXPECT_EQ(nothing.clean(samples).data(), samples.data());
}

}  // namespace
}  // namespace chorale::audio
