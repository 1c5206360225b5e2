#include "pipeline/samples/slices.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/runtime/error.hpp"
#include "small_store.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::samples {
namespace {

std::size_t frames_of(double seconds) {
  config::Experiment experiment;
  experiment.train.slice_seconds = seconds;
  return slice_frames(experiment);
}

// MusicGenrePulse: 1, 3, 5 and 10 s at 22050/512, half overlapping; 30 s of audio are 1,292 frames.
TEST(Slices, HaveThePublishedLengthsAndCounts) {
  EXPECT_EQ(frames_of(1), 43U);
  EXPECT_EQ(frames_of(3), 129U);
  EXPECT_EQ(frames_of(5), 215U);
  EXPECT_EQ(frames_of(10), 430U);
  EXPECT_EQ(frames_of(0.001), 1U);
  EXPECT_EQ(slice_starts(1292, 43, 0.5)[1], 21U);
  EXPECT_EQ(slice_starts(1292, 43, 0.5).size(), 60U);
  EXPECT_EQ(slice_starts(1292, 129, 0.5)[1], 64U);
  EXPECT_EQ(slice_starts(1292, 129, 0.5).size(), 19U);
  EXPECT_EQ(slice_starts(1292, 215, 0.5).size(), 11U);
  EXPECT_EQ(slice_starts(1292, 430, 0.5).size(), 5U);
}

TEST(Slices, OfClassicalBaselinesAreWholeTracks) {
  config::Experiment experiment;
  experiment.model.name = "random_forest";
  EXPECT_EQ(slice_frames(experiment), 0U);
}

TEST(Slices, LeaveOutTheTailButKeepShortTracks) {
  EXPECT_EQ(slice_starts(10, 4, 0), (std::vector<std::uint32_t>{0, 4}));
  EXPECT_EQ(slice_starts(12, 4, 0), (std::vector<std::uint32_t>{0, 4, 8}));
  EXPECT_EQ(slice_starts(4, 4, 0.5), (std::vector<std::uint32_t>{0}));
  EXPECT_EQ(slice_starts(3, 4, 0.5), (std::vector<std::uint32_t>{0}));
  EXPECT_EQ(slice_starts(200, 100, 0.9).size(), 11U);  // hop 10, in spite of rounding
  EXPECT_EQ(slice_starts(6, 4, 0.99).size(), 3U);      // hop 1
}

TEST(Slices, OfNoLengthAreWholeTracks) {
  EXPECT_EQ(frames_of(0), 0U);
  EXPECT_EQ(slice_starts(1292, 0, 0.5), (std::vector<std::uint32_t>{0}));
}

// 43 frames are 0.998 s.
TEST(Slices, LongerThanEveryTrackOfTheTrainingPartAreRefused) {
  const testing_support::TemporaryFolder folder;
  const auto store = make_store(folder.path(), {10, 43, 100});
  const std::vector parts = {config::Part::kTrain, config::Part::kTrain, config::Part::kTest};
  config::Experiment experiment;
  for (const double seconds : {0.0, 0.5, 1.0}) {
    experiment.train.slice_seconds = seconds;
    EXPECT_NO_THROW(require_slices_fit(store, parts, experiment)) << seconds;
  }
  experiment.train.slice_seconds = 2;
  try {
    require_slices_fit(store, parts, experiment);
    FAIL() << "accepted";
  } catch (const runtime::UsageError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("slices of 86 frames are longer than every track"));
    EXPECT_THAT(error.what(), testing::HasSubstr("the longest has 43 frames (0.998 s)"));
  }
}

}  // namespace
}  // namespace chorale::samples
