// What a variant keeps of its recording, and what changes with its audio.
#include "ingest/variants.hpp"

#include <gtest/gtest.h>

namespace chorale::ingest {
namespace {

using audio::Effect;
using config::TaskKind;
using dataset::Label;

constexpr int kFSharp = 6, kB = 11, kMinor = 12;

const std::vector<dataset::Task> kTasks = {{"genre", TaskKind::kSingle, {"rock", "jazz"}},
                                           {"tempo", TaskKind::kRegression, {}},
                                           {"energy", TaskKind::kRegression, {}},
                                           {"key", TaskKind::kKey, std::vector<std::string>(24)}};

dataset::Track recording() {
  return {.id = "jazz.00001",
          .path = "jazz/1.wav",
          .group = "artist",
          .split = "test",
          .labels = {Label::of_class(1), Label::of_value(120), Label::of_value(0.5F),
                     Label::of_class(kMinor + kB)}};
}

TEST(Variant, KeepsWhatItsAudioDoesNotChange) {
  const auto track = variant_of(recording(), kTasks, {"gain_-6", Effect::kGain, -6});
  EXPECT_EQ(track.id, "jazz.00001~gain_-6");
  EXPECT_EQ(track.variant, "gain_-6");
  EXPECT_EQ(track.path, "jazz/1.wav");
  EXPECT_EQ(track.group, "artist");
  EXPECT_EQ(track.split, "test");
  EXPECT_EQ(track.labels, recording().labels);
}

TEST(Variant, TempoGoesWithTheRateOfATimeStretchAndNothingElseDoes) {
  const auto labels = variant_of(recording(), kTasks, {"time_stretch_1.5", Effect::kTimeStretch, 1.5}).labels;
  EXPECT_EQ(labels[1], Label::of_value(180));
  EXPECT_EQ(labels[2], recording().labels[2]);
  EXPECT_EQ(labels[3], recording().labels[3]);
}

TEST(Variant, TheKeyMovesWithThePitch) {
  const auto key = [](double semitones) {
    return variant_of(recording(), kTasks, {"pitch_shift", Effect::kPitchShift, semitones}).labels[3];
  };
  EXPECT_EQ(key(1), Label::of_class(kMinor)) << "B minor up by one is C minor";
  EXPECT_EQ(key(-5), Label::of_class(kMinor + kFSharp));
  EXPECT_EQ(key(-17), Label::of_class(kMinor + kFSharp));
  EXPECT_EQ(key(24), recording().labels[3]);
  EXPECT_EQ(key(0.5), Label{}) << "between two keys";
}

TEST(Variant, AnIdThatAVariantWouldGetIsRefused) {
  catalogue::Catalogue catalogue;
  catalogue.entries.push_back({.track = recording()});
  const std::vector<audio::Variant> variants = {{"gain_-6", Effect::kGain, -6}};
  EXPECT_NO_THROW(check_ids(catalogue, variants));
  catalogue.entries.front().track.id += "~gain_-6";
  EXPECT_THROW(check_ids(catalogue, variants), runtime::UsageError);
  EXPECT_NO_THROW(check_ids(catalogue, {}));
}

}  // namespace
}  // namespace chorale::ingest
