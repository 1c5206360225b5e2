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
      source_.reader.read(slice, kFrames, expected.data());
      EXPECT_TRUE(std::equal(expected.begin(), expected.end(),
                             batch->inputs.begin() + static_cast<std::ptrdiff_t>(i * expected.size())));
    }
  }
  EXPECT_EQ(loader.next(), nullptr);
  EXPECT_EQ(loader.next(), nullptr);
}

TEST_F(LoaderTest, ContinuesInTheMiddleOfAnEpoch) {
  const auto plan = BatchPlan::shuffled(samples(), 5, 1, 2);
  Loader loader(source_, plan, 2);
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
