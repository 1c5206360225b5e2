#include "pipeline/samples/loader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "small_store.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::samples {
namespace {

constexpr std::size_t kFrames = 4;

class LoaderTest : public ::testing::Test {
 protected:
  std::uint32_t samples() const { return static_cast<std::uint32_t>(source_.slices.size()); }

  testing_support::TemporaryFolder folder_;
  store::Store store_ = make_store(folder_.path(), {10, 2, 33, 12});
  Normaliser normaliser_{config::Reference::kMax, 80, config::Normalisation::kNone, {}, {}};
  std::vector<config::Part> parts_ = std::vector<config::Part>(4, config::Part::kTrain);
  Source source_{
      {store_, "mel"}, normaliser_, make_slices(store_, parts_, config::Part::kTrain, kFrames, 0), kFrames};
};

TEST_F(LoaderTest, YieldsTheBatchesOfThePlan) {
  const auto plan = BatchPlan::shuffled(samples(), 5, 1, 2);
  Loader loader(source_, plan);
  std::vector<float> expected(kFrames * kBins);
  for (std::size_t step = 0; step < plan.steps(); ++step) {
    const Batch* batch = loader.next();
    ASSERT_NE(batch, nullptr);
    const auto indices = plan.own_batch(step);
    EXPECT_EQ(batch->step, step);
    EXPECT_EQ(batch->global_count, indices.size());
    EXPECT_TRUE(std::ranges::equal(batch->samples, indices));
    ASSERT_EQ(batch->tracks.size(), indices.size());
    ASSERT_EQ(batch->inputs.size(), indices.size() * expected.size());
    for (std::size_t i = 0; i < indices.size(); ++i) {
      const Slice slice = source_.slices[indices[i]];
      EXPECT_EQ(batch->tracks[i], slice.track);
      EXPECT_EQ(batch->global_tracks[i], slice.track);
      source_.reader.read({slice, kFrames}, kFrames, expected.data());
      EXPECT_TRUE(std::equal(expected.begin(), expected.end(),
                             batch->inputs.begin() + static_cast<std::ptrdiff_t>(i * expected.size())));
    }
  }
  EXPECT_EQ(loader.next(), nullptr);
  EXPECT_EQ(loader.next(), nullptr);
}

TEST_F(LoaderTest, ContinuesInTheMiddleOfAnEpoch) {
  const auto plan = BatchPlan::shuffled(samples(), 5, 1, 2);
  Loader loader(source_, plan, {.first_step = 2});
  EXPECT_EQ(loader.next()->step, 2U);
}

TEST_F(LoaderTest, ARankWithoutASampleGetsAnEmptyBatchOfTheSameStep) {
  ASSERT_EQ(samples(), 14U);
  const auto plan = BatchPlan::sequential(samples(), 13, 0, 2);
  Loader loader(source_, plan);
  EXPECT_EQ(loader.next()->samples.size(), 6U);
  const Batch* last = loader.next();
  ASSERT_NE(last, nullptr);
  EXPECT_TRUE(last->samples.empty());
  EXPECT_EQ(last->global_count, 1U);
  EXPECT_EQ(loader.next(), nullptr);
}

// Tracks of 10, 2, 33 and 12 frames. Rank 0 has the first two, rank 1 the longest one.
TEST_F(LoaderTest, WholeTracksArePaddedToTheLongestOfTheGlobalBatch) {
  normaliser_.kind = config::Normalisation::kTrackMinMax;
  const Source source({store_, "mel"}, normaliser_, make_slices(store_, parts_, config::Part::kTrain, 0, 0.5),
                      0);
  ASSERT_EQ(source.slices.size(), 4U);
  const auto plan = BatchPlan::sequential(4, 4, 0, 2);
  Loader loader(source, plan);
  const Batch& batch = *loader.next();
  EXPECT_EQ(batch.frames, 33U);
  EXPECT_THAT(batch.lengths, testing::ElementsAre(10, 2));
  ASSERT_EQ(batch.inputs.size(), 2 * 33 * kBins);
  // A track's own values do not depend on what it is padded to.
  for (std::size_t row = 0; row < 2; ++row) {
    std::vector<float> alone(source.view(batch.samples[row]).frames * kBins);
    source.reader.read(batch.views[row], batch.views[row].frames, alone.data());
    const float* values = batch.inputs.data() + row * 33 * kBins;
    EXPECT_TRUE(std::equal(alone.begin(), alone.end(), values));
    EXPECT_TRUE(std::all_of(values + alone.size(), values + 33 * kBins, [](float v) { return v == 0; }));
  }
}

TEST_F(LoaderTest, SlicesOfOneLengthHaveNoLengths) {
  const auto plan = BatchPlan::sequential(samples(), 5);
  Loader loader(source_, plan);
  EXPECT_TRUE(loader.next()->lengths.empty());
}

// Sample i is read one frame later, with 3 dB, and sample i + 1 is mixed into it.
TEST_F(LoaderTest, ReadsSamplesAndPartnersAsItIsTold) {
  const auto reading = [&](std::uint32_t sample) {
    Reading result{source_.view(sample), source_.view((sample + 1) % samples()), 0.25F};
    result.view.slice.first += 1;
    result.view.gain = 3;
    return result;
  };
  const auto plan = BatchPlan::sequential(3, 3, 1, 2);  // of which rank 1 has two
  Loader loader(source_, plan, {.readings = reading});
  const Batch& batch = *loader.next();
  ASSERT_THAT(batch.samples, testing::ElementsAre(1, 2));
  EXPECT_THAT(batch.partners.weights, testing::Each(0.25F));
  EXPECT_EQ(batch.partners.global_weights.size(), 3U);
  const auto track_of = [&](std::uint32_t sample) { return source_.slices[sample].track; };
  EXPECT_THAT(batch.partners.global_tracks, testing::ElementsAre(track_of(1), track_of(2), track_of(3)));
  std::vector<float> expected(kFrames * kBins);
  const auto expect_row = [&](const std::vector<float>& rows, std::size_t row, const View& view) {
    source_.reader.read(view, kFrames, expected.data());
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(),
                           rows.begin() + static_cast<std::ptrdiff_t>(row * expected.size())));
  };
  expect_row(batch.inputs, 0, reading(1).view);
  expect_row(batch.inputs, 1, reading(2).view);
  expect_row(batch.partners.inputs, 0, reading(1).partner);
  expect_row(batch.partners.inputs, 1, reading(2).partner);
}

TEST_F(LoaderTest, LeavesFramesToTheDevice) {
  const auto plan = BatchPlan::sequential(samples(), 5);
  Loader loader(source_, plan, {.frames_from = FramesFrom::kDevice});
  const Batch& batch = *loader.next();
  EXPECT_TRUE(batch.inputs.empty());
  EXPECT_EQ(batch.views.size(), 5U);
  EXPECT_EQ(batch.frames, kFrames);
}

TEST_F(LoaderTest, ReadsTheSameFromMemory) {
  Input input(store_, "mel");
  EXPECT_EQ(input.bytes(parts_), (10 + 2 + 33 + 12) * kBins * 2);
  parts_[2] = config::Part::kNone;  // is still read from the store
  input.hold(parts_);
  for (std::size_t track = 0; track < 4; ++track) {
    std::vector<float> held(2 * kBins), stored(2 * kBins);
    const std::uint64_t first = input.frames(track) - 2;
    input.read(track, first, 2, held.data());
    Input(store_, "mel").read(track, first, 2, stored.data());
    EXPECT_EQ(held, stored);
    EXPECT_EQ(input.stored(track).size(), input.frames(track) * kBins * 2);
  }
}

TEST_F(LoaderTest, StopsCleanlyWhereverItIsLeft) {
  const auto plan = BatchPlan::sequential(samples(), 2);
  for (std::size_t taken = 0; taken <= plan.steps(); ++taken) {
    Loader loader(source_, plan);
    for (std::size_t i = 0; i < taken; ++i) ASSERT_NE(loader.next(), nullptr);
  }
}

TEST_F(LoaderTest, WhatReadingThrowsReachesTheConsumer) {
  std::filesystem::remove_all(folder_.path());
  const auto plan = BatchPlan::sequential(samples(), 5);
  Loader loader(source_, plan);
  EXPECT_THROW(loader.next(), store::StoreError);
}

}  // namespace
}  // namespace chorale::samples
