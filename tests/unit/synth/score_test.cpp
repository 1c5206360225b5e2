#include "ingest/synth/score.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <set>

namespace chorale::synth {
namespace {

using ::testing::Contains;
using ::testing::Each;

Score some_score(std::size_t style, std::uint64_t number, std::uint64_t seed = 1) {
  return compose(styles()[style], make_artist(seed, style, number % 6), 10.0,
                 runtime::RandomStream(seed, {number}));
}

TEST(Artists, HaveNamesOfTheirOwn) {
  std::set<std::string> names;
  for (std::size_t style = 0; style < styles().size(); ++style) {
    for (std::size_t number = 0; number < 60; ++number) names.insert(make_artist(1, style, number).name);
  }
  EXPECT_EQ(names.size(), 600U);
}

TEST(Scores, StayWithinTheTempoAndTheKeysOfTheArtist) {
  for (std::size_t style = 0; style < styles().size(); ++style) {
    for (std::uint64_t number = 0; number < 12; ++number) {
      const Artist artist = make_artist(1, style, number % 6);
      const Score score = some_score(style, number);
      EXPECT_EQ(score.tempo * 2, std::floor(score.tempo * 2));
      EXPECT_GE(score.tempo, artist.tempo_low - 0.25);
      EXPECT_LE(score.tempo, artist.tempo_high + 0.25);
      std::set<std::string> keys;
      for (const Key& key : artist.keys) keys.insert(name_of(key));
      EXPECT_THAT(keys, Contains(name_of(score.key)));
    }
  }
}

TEST(Scores, PlayTheScaleOfTheirKeyAndNothingElse) {
  static const std::set<int> kMajor = {0, 2, 4, 5, 7, 9, 11}, kMinor = {0, 2, 3, 5, 7, 8, 10};
  for (std::size_t style = 0; style < styles().size(); ++style) {
    const Score score = some_score(style, 3);
    const double tuning = make_artist(1, style, 3).tuning;
    for (const Note& note : score.notes) {
      ASSERT_GE(note.start, 0.0);
      ASSERT_LT(note.start, 10.0);
      if (note.part < Part::kBass) continue;
      const double pitch = note.pitch - tuning;
      ASSERT_NEAR(pitch, std::round(pitch), 1e-9);
      const int above_tonic = (static_cast<int>(std::lround(pitch)) - score.key.tonic + 120) % 12;
      EXPECT_THAT(score.key.minor ? kMinor : kMajor, Contains(above_tonic));
    }
  }
}

// A disco track's kick is on every beat, whichever beat the track begins in.
TEST(Scores, KeepTheirTempo) {
  const std::size_t disco = 3;
  ASSERT_EQ(styles()[disco].name, "disco");
  int seen = 0;
  for (std::uint64_t number = 0; number < 10; ++number) {
    const Score score = some_score(disco, number);
    if (score.follows[0] != &styles()[disco]) continue;
    std::vector<double> kicks;
    for (const Note& note : score.notes) {
      if (note.part == Part::kKick) kicks.push_back(note.start);
    }
    ASSERT_GT(kicks.size(), 10U);
    // The jitter of an onset is at most 3 * 4 ms on either side.
    const double beats = static_cast<double>(kicks.size() - 1);
    EXPECT_NEAR((kicks.back() - kicks.front()) / beats, 60.0 / score.tempo, 0.024 / beats);
    ++seen;
  }
  EXPECT_GE(seen, 5);
}

TEST(Scores, NameTheMoodByModeAndEnergy) {
  Score score = some_score(0, 0);
  score.key = {9, true};
  score.energy = Energy::kLow;
  EXPECT_EQ(name_of(score.key), "A:min");
  EXPECT_EQ(mood_of(score), "sad");
  score.energy = Energy::kHigh;
  EXPECT_EQ(mood_of(score), "tense");
  score.key = {0, false};
  EXPECT_EQ(name_of(score.key), "C:maj");
  EXPECT_EQ(mood_of(score), "happy");
  score.energy = Energy::kLow;
  EXPECT_EQ(mood_of(score), "tender");
}

}  // namespace
}  // namespace chorale::synth
