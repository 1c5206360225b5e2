// What rhythm features are by definition, on clicks of a known tempo; librosa's values are in tests/golden.
#include "ingest/features/rhythm.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "ingest/features/beat.hpp"
#include "ingest/features/mel.hpp"
#include "ingest/features/onset.hpp"
#include "ingest/features/tempo.hpp"
#include "ingest/features/tempogram.hpp"
#include "pipeline/runtime/error.hpp"
#include "support/mel_spectrogram.hpp"

namespace chorale::features {
namespace {

constexpr double kRate = 22050, kFramesASecond = kRate / 512;

// A click in every frame in which a beat of the tempo begins.
std::vector<float> clicks(double bpm, double seconds) {
  std::vector<float> envelope(static_cast<std::size_t>(seconds * kFramesASecond));
  for (double beat = 60 / bpm; beat < seconds - 0.1; beat += 60 / bpm) {
    envelope[static_cast<std::size_t>(std::lround(beat * kFramesASecond))] = 1;
  }
  return envelope;
}

Frames mel_of(const std::vector<float>& samples) {
  testing_support::MelSpectrogram mel({}, {});
  const auto values = mel.compute(samples);
  Frames frames;
  frames.resize(values.size() / mel.n_mels(), mel.n_mels());
  std::ranges::copy(values, frames.values().begin());
  return frames;
}

TEST(Tempo, OfClicksIsTheNearestLag) {
  for (const double bpm : {72.0, 96.0, 120.0, 150.0}) {
    const double tempo = TempoEstimator({}).estimate(clicks(bpm, 20));
    const double lag = 60 * kFramesASecond / tempo;
    EXPECT_NEAR(lag, std::round(lag), 1e-9) << bpm;
    EXPECT_NEAR(lag, 60 * kFramesASecond / bpm, 0.5) << bpm;
  }
}

TEST(Tempo, StaysBelow320) {
  for (const double bpm : {330.0, 600.0}) EXPECT_LT(TempoEstimator({}).estimate(clicks(bpm, 10)), 320);
}

TEST(Tempo, NeedsTwoFramesIn8Seconds) {
  EXPECT_NO_THROW(TempoEstimator({.sample_rate = 8000, .hop_length = 32000}));
  try {
    const TempoEstimator estimator({.sample_rate = 8000, .hop_length = 32001});
    FAIL() << "a hop of more than 4 s";
  } catch (const runtime::UsageError& error) {
    EXPECT_NE(std::string(error.what()).find("at most 32000"), std::string::npos) << error.what();
  }
}

// But for the last one, which may lie on the way to the end of the track; trim may take the outer ones.
TEST(Beats, LieOnTheClicks) {
  for (const double lag : {16.0, 22.0, 27.0}) {
    const auto envelope = clicks(60 * kFramesASecond / lag, 20);
    auto track = BeatTracker({}).track(envelope);
    const auto all = static_cast<std::size_t>(std::ranges::count(envelope, 1.0F));
    EXPECT_NEAR(track.tempo, 60 * kFramesASecond / lag, 1e-9);
    EXPECT_GE(track.beats.size() + 2, all) << lag;
    track.beats.pop_back();
    for (const std::size_t beat : track.beats) EXPECT_EQ(envelope[beat], 1.0F) << lag << " at " << beat;
  }
}

TEST(Onsets, AreTheClicks) {
  const auto envelope = clicks(100, 5);
  const auto onsets = onset_detect(envelope, {});
  EXPECT_EQ(onsets.size(), static_cast<std::size_t>(std::ranges::count(envelope, 1.0F)));
  for (const std::size_t onset : onsets) EXPECT_EQ(envelope[onset], 1.0F);
}

TEST(OnsetStrength, OfAClickPeaksAtItsFrame) {
  constexpr std::size_t kHop = 512;
  std::vector<float> samples(20 * kHop);
  samples[10 * kHop] = 0.5F;
  const Frames mel = mel_of(samples);
  for (const auto aggregate : {OnsetAggregate::kMean, OnsetAggregate::kMedian}) {
    const auto envelope = onset_strength(mel, {}, aggregate);
    ASSERT_EQ(envelope.size(), mel.frames());
    const auto peak = std::ranges::max_element(envelope) - envelope.begin();
    EXPECT_NEAR(static_cast<double>(peak), 10, 1);
    for (std::size_t frame = 0; frame < 3; ++frame) EXPECT_EQ(envelope[frame], 0.0F);
  }
}

TEST(OnsetStrength, ShiftsByHalfAWindowOfAnyHop) {
  Frames mel;
  mel.resize(12, 3);
  for (std::size_t frame = 0; frame < mel.frames(); ++frame) {
    std::ranges::fill(mel[frame], frame < 2 ? -20.0F : 10.0F);
  }
  for (const std::size_t hop : {256U, 512U, 2000U}) {
    const auto envelope = onset_strength(mel, {.n_fft = 2048, .hop_length = hop}, OnsetAggregate::kMean);
    std::vector<float> expected(12);
    expected[2 + 1024 / hop] = 30;
    EXPECT_EQ(envelope, expected) << hop;
  }
}

TEST(OnsetStrength, AggregatesWhatRises) {
  Frames mel;
  mel.resize(2, 4);
  const std::vector<float> before = {0, 0, 0, 0}, after = {4, -9, 2, 8};
  std::ranges::copy(before, mel[0].begin());
  std::ranges::copy(after, mel[1].begin());
  const OnsetOptions no_shift = {.n_fft = 512, .hop_length = 512};
  EXPECT_EQ(onset_strength(mel, no_shift, OnsetAggregate::kMean)[1], 3.5F);
  EXPECT_EQ(onset_strength(mel, no_shift, OnsetAggregate::kMedian)[1], 3.0F);
}

TEST(OnsetStrength, IgnoresWhatIs80DecibelsBelowTheLoudest) {
  Frames mel;
  mel.resize(2, 1);
  mel[0][0] = -100;
  mel[1][0] = 10;
  const OnsetOptions no_shift = {.n_fft = 512, .hop_length = 512};
  EXPECT_EQ(onset_strength(mel, no_shift, OnsetAggregate::kMean)[1], 80.0F);
}

// By the definition, in the time domain.
TEST(Tempogram, IsTheAutocorrelationOfWindows) {
  constexpr std::size_t kWindow = 7;
  const std::vector<float> envelope = {0, 0, 3, 0, 1, 0, 2, 0, 4, 1};
  const std::vector<float> ramps = {0, 0, 0, 0, 0, 3, 0, 1, 0, 2, 0, 4, 1, 2.0F / 3, 1.0F / 3, 0};
  Frames actual;
  Tempogram tempogram(kWindow);
  tempogram.compute(envelope, actual);
  const auto mean = tempogram.mean(envelope);
  std::vector<double> expected_mean(kWindow);
  for (std::size_t frame = 0; frame < envelope.size(); ++frame) {
    std::vector<double> x(kWindow), lags(kWindow);
    for (std::size_t i = 0; i < kWindow; ++i) {
      x[i] = ramps[frame + i] * (0.5 - 0.5 * std::cos(2 * M_PI * static_cast<double>(i) / kWindow));
    }
    for (std::size_t lag = 0; lag < kWindow; ++lag) {
      for (std::size_t i = 0; i + lag < kWindow; ++i) lags[lag] += x[i] * x[i + lag];
    }
    for (std::size_t lag = 0; lag < kWindow; ++lag) {
      EXPECT_NEAR(static_cast<double>(actual[frame][lag]), lags[lag] / lags[0], 1e-6);
      expected_mean[lag] += lags[lag] / lags[0] / static_cast<double>(envelope.size());
    }
  }
  for (std::size_t lag = 0; lag < kWindow; ++lag) EXPECT_NEAR(mean[lag], expected_mean[lag], 1e-12);
}

TEST(Tempogram, SummaryIsThatOfItsValues) {
  for (const std::size_t window : {2U, 5U, 64U, 384U}) {
    const auto envelope = clicks(100, 6);
    Tempogram tempogram(window);
    Frames frames;
    tempogram.compute(envelope, frames);
    double sum = 0, squares = 0;
    for (const float value : frames.values()) sum += static_cast<double>(value);
    const double mean = sum / static_cast<double>(frames.values().size());
    for (const float value : frames.values()) squares += std::pow(static_cast<double>(value) - mean, 2);
    const auto summary = tempogram.summary(envelope);
    EXPECT_NEAR(summary.mean, mean, 1e-6) << window;
    EXPECT_NEAR(summary.std, std::sqrt(squares / static_cast<double>(frames.values().size())), 1e-6)
        << window;
    EXPECT_EQ(summary.max, std::ranges::max(frames.values())) << window;
  }
}

TEST(RhythmRegularity, IsTheSpreadOfTheFirstLags) {
  std::vector<float> envelope(11);
  envelope[3] = 2;
  envelope[5] = 1;  // correlates with itself: 5 at lag 0, 2 at lag 2
  const double mean = 7.0 / 11, mean_square = 29.0 / 11;
  EXPECT_NEAR(rhythm_regularity(envelope), std::sqrt(mean_square - mean * mean), 1e-12);
  envelope.pop_back();
  EXPECT_EQ(rhythm_regularity(envelope), 0);
}

// From one sample on, where there are fewer frames than any window.
TEST(Rhythm, OfSilenceIsNoneAndNeverNan) {
  for (const std::size_t samples : {1U, 600U, 2205U, 44100U}) {
    const Frames mel = mel_of(std::vector<float>(samples));
    const auto envelope = onset_strength(mel, {}, OnsetAggregate::kMean);
    EXPECT_EQ(envelope, std::vector<float>(mel.frames()));
    EXPECT_TRUE(onset_detect(envelope, {}).empty());
    const auto track = BeatTracker({}).track(envelope);
    EXPECT_EQ(track.tempo, 0);
    EXPECT_TRUE(track.beats.empty());
    EXPECT_NEAR(TempoEstimator({}).estimate(envelope), 60 * kFramesASecond / 22, 1e-9);
    Tempogram tempogram;
    Frames frames;
    tempogram.compute(envelope, frames);
    EXPECT_TRUE(std::ranges::all_of(frames.values(), [](float value) { return value == 0; }));
    const auto summary = tempogram.summary(envelope);
    EXPECT_EQ(summary.mean, 0);
    EXPECT_EQ(summary.std, 0);
    EXPECT_EQ(summary.max, 0);
    EXPECT_EQ(rhythm_regularity(envelope), 0);
  }
}

TEST(Rhythm, DoesNotDependOnTheTrackBefore) {
  const auto track = clicks(110, 9), other = clicks(77, 14);
  Tempogram fresh, used;
  BeatTracker fresh_tracker({}), used_tracker({});
  used.summary(other);
  used_tracker.track(other);
  const auto expected = fresh.summary(track), actual = used.summary(track);
  EXPECT_EQ(actual.mean, expected.mean);
  EXPECT_EQ(actual.std, expected.std);
  EXPECT_EQ(used_tracker.track(track).beats, fresh_tracker.track(track).beats);
}

}  // namespace
}  // namespace chorale::features
