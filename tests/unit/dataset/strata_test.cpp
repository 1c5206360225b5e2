// What a split keeps the proportions of, for every kind of task.
#include "pipeline/dataset/strata.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "pipeline/dataset/split.hpp"

namespace chorale::dataset {
namespace {

using config::Part;
using config::TaskKind;
using testing::ElementsAre;
using testing::Optional;

Track track(int number, Label label) {
  const std::string id = "t" + std::to_string(number);
  return {.id = id, .path = id + ".wav", .group = id, .split = {}, .labels = {std::move(label)}};
}

// Of 40 tracks all are rock (0), every second punk (1), every tenth polka (2).
std::vector<Track> multi_label_collection() {
  std::vector<Track> tracks;
  for (int i = 0; i < 40; ++i) {
    std::vector<std::int32_t> classes = {0};
    if (i % 2 == 0) classes.push_back(1);
    if (i % 10 == 0) classes.push_back(2);
    tracks.push_back(track(i, Label::of_classes(classes)));
  }
  return tracks;
}
const std::vector<Task> kGenres = {{"genres", TaskKind::kMulti, {"rock", "punk", "polka"}}};

TEST(Strata, AreTheRarestClassWithEnoughGroups) {
  const auto tracks = multi_label_collection();
  const Strata strata(tracks, kGenres);
  EXPECT_THAT(strata.of(0), Optional(1U)) << "polka has 4 groups, too few to be dealt";
  EXPECT_THAT(strata.of(1), Optional(0U));
  EXPECT_THAT(strata.of(2), Optional(1U));
}

TEST(Strata, TracksOfRareClassesAloneGoWithTheLargest) {
  auto tracks = multi_label_collection();
  tracks[0].labels = {Label::of_classes({2})};
  tracks[1].labels = {Label::of_classes({})};
  tracks[2].labels = {Label{}};
  const Strata strata(tracks, kGenres);
  EXPECT_THAT(strata.of(0), Optional(0U));
  EXPECT_THAT(strata.of(1), Optional(0U)) << "known to have no class";
  EXPECT_EQ(strata.of(2), std::nullopt) << "not known";
}

TEST(Strata, AreOneOfARegression) {
  const std::vector<Track> tracks = {track(0, Label::of_value(120)), track(1, {})};
  const Strata strata(tracks, std::vector<Task>{{"tempo", TaskKind::kRegression, {}}});
  EXPECT_THAT(strata.of(0), Optional(0U));
  EXPECT_EQ(strata.of(1), std::nullopt);
}

TEST(Split, OfManyGenresReachesEveryPart) {
  const auto tracks = multi_label_collection();
  config::Split options;
  options.validation = options.test = 0.2;
  const auto parts = make_split(tracks, {}, kGenres, options);
  EXPECT_EQ(std::count(parts.begin(), parts.end(), Part::kTest), 8);
  EXPECT_EQ(std::count(parts.begin(), parts.end(), Part::kValidation), 8);
}

TEST(Split, VariantsServeTrainingAlone) {
  auto tracks = multi_label_collection();
  for (int i = 0; i < 40; ++i) {
    Track variant = tracks[static_cast<std::size_t>(i)];
    variant.id += "~gain_-6";
    variant.variant = "gain_-6";
    tracks.push_back(variant);
  }
  const auto parts = make_split(tracks, {}, kGenres, {});
  for (std::size_t i = 0; i < 40; ++i) {
    EXPECT_EQ(parts[40 + i], parts[i] == Part::kTrain ? Part::kTrain : Part::kNone) << i;
  }
  const std::vector<Track> recordings(tracks.begin(), tracks.begin() + 40);
  EXPECT_EQ(make_split(recordings, {}, kGenres, {}), std::vector<Part>(parts.begin(), parts.begin() + 40))
      << "variants change where recordings go";
}

// Of 30 tracks the last ones have a tempo, but no genre.
std::vector<Track> partly_labelled(int without_genre) {
  std::vector<Track> tracks;
  for (int i = 0; i < 30; ++i) {
    tracks.push_back(track(i, i < 30 - without_genre ? Label::of_class(i == 0 ? 0 : 1) : Label{}));
    tracks.back().labels.push_back(Label::of_value(120));
  }
  return tracks;
}
const std::vector<Task> kGenreAndTempo = {{"genre", TaskKind::kSingle, {"rock", "punk"}},
                                          {"tempo", TaskKind::kRegression, {}}};

TEST(Strata, TracksWithLabelsOfOtherTasksAloneAreOneOfTheirOwn) {
  auto tracks = partly_labelled(12);
  tracks.back().labels.back() = {};
  const Strata strata(tracks, kGenreAndTempo);
  EXPECT_THAT(strata.of(17), Optional(1U));
  EXPECT_THAT(strata.of(18), Optional(2U));
  EXPECT_EQ(strata.of(29), std::nullopt) << "no label at all";
  EXPECT_EQ(strata.names().size(), 3u);
}

TEST(Strata, FewOfThemGoWithTheLargest) {
  const auto tracks = partly_labelled(3);
  const Strata strata(tracks, kGenreAndTempo);
  EXPECT_THAT(strata.of(29), Optional(1U));
  EXPECT_EQ(strata.names().size(), 2u);
}

}  // namespace
}  // namespace chorale::dataset
