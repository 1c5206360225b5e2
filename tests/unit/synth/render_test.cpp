#include "ingest/synth/render.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace chorale::synth {
namespace {

using runtime::RandomStream;

constexpr double kSeconds = 6.0;

// Only this part is heard.
Score solo(Score score, Part part) {
  for (std::size_t i = 0; i < kParts; ++i) score.silent[i] = i != static_cast<std::size_t>(part);
  return score;
}

// Energy of each 5 ms, without its mean.
std::vector<double> envelope_of(const std::vector<std::int16_t>& samples, std::size_t hop) {
  std::vector<double> envelope;
  for (std::size_t at = 0; at + hop <= samples.size(); at += hop) {
    double energy = 0;
    for (std::size_t i = at; i < at + hop; ++i) energy += static_cast<double>(samples[i]) * samples[i];
    envelope.push_back(energy);
  }
  const double mean =
      std::accumulate(envelope.begin(), envelope.end(), 0.0) / static_cast<double>(envelope.size());
  for (double& value : envelope) value -= mean;
  return envelope;
}

// The strongest period of the envelope between 0.3 s and 0.8 s (a beat of 75 to 200 BPM).
double strongest_period(const std::vector<std::int16_t>& samples) {
  constexpr std::size_t kHop = kSampleRate / 200;
  constexpr double kFrame = static_cast<double>(kHop) / kSampleRate;
  const auto envelope = envelope_of(samples, kHop);
  double best = 0, period = 0;
  for (auto lag = static_cast<std::size_t>(0.3 / kFrame); lag < static_cast<std::size_t>(0.8 / kFrame);
       ++lag) {
    double sum = 0;
    for (std::size_t i = lag; i < envelope.size(); ++i) sum += envelope[i] * envelope[i - lag];
    if (sum > best) {
      best = sum;
      period = static_cast<double>(lag) * kFrame;
    }
  }
  return period;
}

// Energy of each pitch class over MIDI 48 .. 83, by Goertzel's algorithm over blocks of 0.37 s.
std::array<double, 12> pitch_classes(const std::vector<std::int16_t>& samples, double tuning) {
  constexpr std::size_t kBlock = 8192;
  std::array<double, 12> classes{};
  for (int pitch = 48; pitch < 84; ++pitch) {
    const double coefficient = 2.0 * sine(frequency_of(pitch + tuning) / kSampleRate + 0.25);
    for (std::size_t at = 0; at + kBlock <= samples.size(); at += kBlock) {
      double s1 = 0, s2 = 0;
      for (std::size_t i = at; i < at + kBlock; ++i) {
        const double window = 0.5 - 0.5 * sine(static_cast<double>(i - at) / kBlock + 0.25);
        const double s0 = window * samples[i] + coefficient * s1 - s2;
        s2 = s1;
        s1 = s0;
      }
      classes[static_cast<std::size_t>(pitch % 12)] += s1 * s1 + s2 * s2 - coefficient * s1 * s2;
    }
  }
  return classes;
}

TEST(Render, IsAFunctionOfItsArguments) {
  const Artist artist = make_artist(1, 0, 0), other = make_artist(2, 0, 0);
  const auto play = [](const Artist& player, std::uint64_t seed) {
    return render(compose(styles()[0], player, 2.0, RandomStream(seed)), player, 2.0, RandomStream(seed));
  };
  const auto samples = play(artist, 1);
  EXPECT_EQ(samples.size(), 2U * kSampleRate);
  EXPECT_EQ(samples, play(artist, 1));
  EXPECT_NE(samples, play(artist, 2));
  EXPECT_NE(samples, play(other, 1));
}

// RMS within 1.5 dB of the artist's loudness: the noise floor adds, and saturation takes a little.
TEST(Render, HasTheLoudnessOfTheArtistAndDoesNotClip) {
  for (std::size_t style = 0; style < styles().size(); ++style) {
    const Artist artist = make_artist(1, style, 1);
    const auto samples = render(compose(styles()[style], artist, kSeconds, RandomStream(5)), artist, kSeconds,
                                RandomStream(6));
    double power = 0;
    for (const double sample : samples) power += sample * sample;
    const double db = 10.0 * std::log10(power / static_cast<double>(samples.size()) / (32767.0 * 32767.0));
    EXPECT_NEAR(db, artist.loudness_db, 1.5) << styles()[style].name;
    const auto [low, high] = std::minmax_element(samples.begin(), samples.end());
    EXPECT_GT(*low, -32767);
    EXPECT_LT(*high, 32767);
  }
}

// The kick of disco strikes on every beat. A period is a multiple of 5 ms, and onsets jitter by a few.
TEST(Render, BeatsAtTheTempoOfTheScore) {
  const std::size_t disco = 3;
  int seen = 0;
  for (std::uint64_t number = 0; number < 8; ++number) {
    const Artist artist = make_artist(1, disco, number);
    const Score score = compose(styles()[disco], artist, kSeconds, RandomStream(9, {number}));
    if (score.follows[0] != &styles()[disco]) continue;
    const auto samples = render(solo(score, Part::kKick), artist, kSeconds, RandomStream(1));
    EXPECT_NEAR(strongest_period(samples), 60.0 / score.tempo, 0.012) << artist.name;
    ++seen;
  }
  EXPECT_GE(seen, 4);
}

// Overtones lie outside the scale at times (the fifth harmonic of a minor third), so a quarter may.
TEST(Render, SoundsInTheKeyOfTheScore) {
  for (std::size_t style = 0; style < styles().size(); ++style) {
    const Artist artist = make_artist(1, style, 2);
    const Score score = compose(styles()[style], artist, kSeconds, RandomStream(4, {style}));
    const auto samples = render(solo(score, Part::kChords), artist, kSeconds, RandomStream(1));
    const auto classes = pitch_classes(samples, artist.tuning);
    const std::array<int, 7> scale =
        score.key.minor ? std::array{0, 2, 3, 5, 7, 8, 10} : std::array{0, 2, 4, 5, 7, 9, 11};
    double inside = 0;
    for (const int step : scale) inside += classes[static_cast<std::size_t>((score.key.tonic + step) % 12)];
    EXPECT_GT(inside / std::accumulate(classes.begin(), classes.end(), 0.0), 0.75) << styles()[style].name;
  }
}

}  // namespace
}  // namespace chorale::synth
