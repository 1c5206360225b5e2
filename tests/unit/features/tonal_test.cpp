// What the goldens of tests/golden/features do not show of tonal features: what they mean, and what they
// refuse.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "ingest/features/chroma_cqt.hpp"
#include "ingest/features/chroma_stft.hpp"
#include "ingest/features/cqt.hpp"
#include "ingest/features/key.hpp"
#include "ingest/features/stft.hpp"
#include "ingest/features/tuning.hpp"
#include "pipeline/runtime/random.hpp"

namespace chorale::features {
namespace {

constexpr std::size_t kA = 9;
constexpr double kRate = 22050;

std::vector<float> sine(double hz, double seconds) {
  std::vector<float> samples(static_cast<std::size_t>(seconds * kRate));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double phase = 2 * std::numbers::pi * hz * static_cast<double>(i) / kRate;
    samples[i] = static_cast<float>(0.5 * std::sin(phase));
  }
  return samples;
}

std::vector<float> noise(std::size_t n, std::uint64_t seed) {
  runtime::RandomStream random(seed);
  std::vector<float> samples(n);
  for (float& sample : samples) sample = static_cast<float>(random.uniform(-1, 1));
  return samples;
}

Frames power_spectrogram(const std::vector<float>& samples) {
  Stft stft({});
  Frames power;
  power.resize(stft.frames(samples.size()), stft.bins());
  stft.power(samples, [&](std::size_t frame, std::span<const float> values) {
    std::ranges::copy(values, power[frame].begin());
  });
  return power;
}

Frames stft_chroma(const std::vector<float>& samples, double tuning = 0) {
  Frames chroma;
  chroma_stft(power_spectrogram(samples), ChromaFilterBank(2048, kRate, tuning), chroma);
  return chroma;
}

Frames constant_q(Cqt& cqt, const std::vector<float>& samples, double tuning = 0) {
  OctaveSignals signals;
  Frames magnitudes;
  signals.begin_track(samples);
  cqt.compute(signals, tuning, magnitudes);
  return magnitudes;
}

Frames folded_cqt(const std::vector<float>& samples) {
  Cqt cqt({});
  Frames folded;
  fold_octaves(constant_q(cqt, samples), 36, folded);
  return folded;
}

Frames cqt_chroma(const std::vector<float>& samples) {
  Frames chroma;
  chroma_cqt(folded_cqt(samples), chroma);
  return chroma;
}

std::vector<float> values(const Frames& frames) { return {frames.values().begin(), frames.values().end()}; }

TEST(Chroma, OfASineOnA4IsStrongestInAInEveryFrame) {
  const auto samples = sine(440, 2);
  for (const Frames& chroma : {stft_chroma(samples), cqt_chroma(samples)}) {
    for (std::size_t frame = 0; frame < chroma.frames(); ++frame) {
      EXPECT_EQ(std::ranges::max_element(chroma[frame]) - chroma[frame].begin(), kA) << frame;
      EXPECT_EQ(chroma[frame][kA], 1.0F) << frame;
    }
  }
}

// Tolerance 0.05 of the maximum, 0.2 for chroma_stft: an octave lower its bins are twice as many semitones
// wide.
TEST(Chroma, StaysWhenTheSineMovesByAnOctave) {
  const auto low = mean_chroma(cqt_chroma(sine(440, 2))), high = mean_chroma(cqt_chroma(sine(880, 2)));
  const auto low_stft = mean_chroma(stft_chroma(sine(440, 2))),
             high_stft = mean_chroma(stft_chroma(sine(880, 2)));
  for (std::size_t i = 0; i < kPitchClasses; ++i) {
    EXPECT_NEAR(low[i], high[i], 0.05) << i;
    EXPECT_NEAR(low_stft[i], high_stft[i], 0.2) << i;
  }
}

TEST(TonalFeatures, OfSilenceAreZero) {
  const std::vector<float> silence(30'000);
  Frames cens, centroids;
  chroma_cens(folded_cqt(silence), cens);
  tonnetz(cqt_chroma(silence), centroids);
  for (const Frames& frames :
       {stft_chroma(silence), folded_cqt(silence), cqt_chroma(silence), cens, centroids}) {
    EXPECT_EQ(frames.frames(), 59U);
    EXPECT_THAT(values(frames), testing::Each(0.0F));
  }
  TuningEstimator tuning(2048, kRate);
  for (std::size_t frame = 0; frame < 59; ++frame) tuning.add(std::vector<float>(1025));
  EXPECT_EQ(tuning.from_power(12), 0.0);
  EXPECT_EQ(tuning.from_magnitude(36), 0.0);
}

TEST(TonalFeatures, TakeTracksOfAnyLength) {
  Cqt cqt({});
  for (const std::size_t samples : {1U, 2U, 511U, 512U, 1023U, 20'001U}) {
    const Frames magnitudes = constant_q(cqt, noise(samples, 1));
    EXPECT_EQ(magnitudes.frames(), 1 + samples / 512) << samples;
    for (const float value : magnitudes.values()) ASSERT_TRUE(std::isfinite(value)) << samples;
  }
}

TEST(Cqt, DoesNotDependOnTheTracksBefore) {
  const auto track = noise(20'000, 1);
  Cqt fresh({}), used({});
  const auto expected = values(constant_q(fresh, track, 0.07));
  constant_q(used, noise(90'000, 2), -0.3);
  constant_q(used, noise(100, 3), 0.07);
  EXPECT_EQ(values(constant_q(used, track, 0.07)), expected);
}

TEST(Cqt, PutsASineIntoItsBin) {
  Cqt cqt({.hop_length = 256, .bins_per_octave = 12});
  const Frames magnitudes = constant_q(cqt, sine(440, 2));
  const auto middle = magnitudes[magnitudes.frames() / 2];
  EXPECT_EQ(std::ranges::max_element(middle) - middle.begin(), 3 * 12 + kA);  // A4, from C1
}

TEST(OctaveSignals, AreSharedByTransformsOfOneTrack) {
  const auto track = noise(30'000, 5);
  OctaveSignals signals;
  signals.begin_track(track);
  Cqt fine({}), coarse({.bins_per_octave = 12});
  Frames first, second;
  fine.compute(signals, 0, first);
  coarse.compute(signals, 0, second);
  EXPECT_EQ(values(second), values(constant_q(coarse, track)));
}

TEST(CheckCqt, NamesTheKeyWhereTheTopOctaveExceedsHalfTheRate) {
  EXPECT_NO_THROW(check_cqt({.sample_rate = 8600}));
  try {
    check_cqt({.sample_rate = 8000});
    FAIL() << "accepted 8000 Hz";
  } catch (const FeatureError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("audio.sample_rate"));
    EXPECT_EQ(error.exit_status(), runtime::kWrongUsage);
  }
  EXPECT_THROW(Cqt({.sample_rate = 8000}), FeatureError);
}

TEST(TuningEstimator, FindsASineBetweenTheKeys) {
  TuningEstimator tuning(2048, kRate);
  const Frames power = power_spectrogram(sine(440 * std::exp2(0.3 / 12), 2));
  for (std::size_t frame = 0; frame < power.frames(); ++frame) tuning.add(power[frame]);
  EXPECT_NEAR(tuning.from_power(12), 0.3, 0.05);
  EXPECT_NEAR(tuning.from_magnitude(36), 3 * 0.3 - 1, 0.05);
}

MeanChroma triad(std::size_t root, std::size_t third) {
  MeanChroma chroma;
  chroma.fill(0.1);
  for (const std::size_t interval : {std::size_t{0}, third, std::size_t{7}}) {
    chroma[(root + interval) % kPitchClasses] = 1;
  }
  return chroma;
}

TEST(Key, OfATriadIsItsRoot) {
  for (std::size_t root = 0; root < kPitchClasses; ++root) {
    const KeyEstimate major = estimate_key(triad(root, 4)), minor = estimate_key(triad(root, 3));
    EXPECT_EQ(major.index(), root);
    EXPECT_EQ(minor.index(), root + 12);
    EXPECT_GT(major.confidence, 0.7);
  }
  EXPECT_EQ(estimate_key(triad(6, 3)).name(), "F#:min");
}

TEST(Key, OfSilenceHasNoConfidence) {
  EXPECT_EQ(estimate_key({}).confidence, 0.0);
  EXPECT_EQ(strongest_pitch_class({}).confidence, 0.0);
}

TEST(StrongestPitchClass, ConfidenceIsItsShare) {
  const KeyEstimate key = strongest_pitch_class({0.2, 0, 0.6, 0, 0, 0, 0, 0.2, 0, 0, 0, 0});
  EXPECT_EQ(key.tonic, 2U);
  EXPECT_DOUBLE_EQ(key.confidence, 0.6);
}

}  // namespace
}  // namespace chorale::features
