#include "pipeline/samples/slice_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "pipeline/runtime/error.hpp"
#include "small_store.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::samples {
namespace {

using config::Normalisation;
using config::Part;
using config::Reference;
using ::testing::Each;
using ::testing::FloatEq;

class SliceReaderTest : public ::testing::Test {
 protected:
  std::vector<float> read(const Normaliser& normaliser, Slice slice, std::size_t frames) const {
    std::vector<float> values(frames * kBins);
    SliceReader({store_, "mel"}, normaliser)
        .read({slice, static_cast<std::uint32_t>(frames)}, frames, values.data());
    return values;
  }

  testing_support::TemporaryFolder folder_;
  store::Store store_ = make_store(folder_.path(), {10, 4, 2500, 60});
};

TEST_F(SliceReaderTest, SlicesOfOnePartComeInStoreOrder) {
  const std::vector<Part> parts = {Part::kTrain, Part::kTrain, Part::kNone, Part::kTest};
  const auto slices = make_slices(store_, parts, Part::kTrain, 5, 0.5);
  ASSERT_EQ(slices.size(), 4U);
  for (std::uint32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(slices[i].track, 0U);
    EXPECT_EQ(slices[i].first, 2 * i);
  }
  EXPECT_EQ(slices[3].track, 1U);
  EXPECT_TRUE(make_slices(store_, parts, Part::kValidation, 5, 0.5).empty());
}

TEST_F(SliceReaderTest, ReadsTheFramesOfTheSlice) {
  const auto values = read({Reference::kMax, 80, Normalisation::kNone, {}, {}}, {2, 1337}, 7);
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(values[i], value_of(2, 1337 + i / kBins, i % kBins) - max_of(2));
  }
}

// -100 dB is the silence that a digital zero would have given: 10 log10(amin).
TEST_F(SliceReaderTest, AShortTrackIsPaddedWithSilence) {
  const auto silence_of = [&](const Normaliser& normaliser) {
    const auto values = read(normaliser, {1, 0}, 6);
    return std::vector<float>(values.begin() + 4 * kBins, values.end());
  };
  EXPECT_THAT(silence_of({Reference::kOne, 200, Normalisation::kNone, {}, {}}), Each(-100));
  EXPECT_THAT(silence_of({Reference::kMax, 200, Normalisation::kNone, {}, {}}), Each(-100 - max_of(1)));
  EXPECT_THAT(silence_of({Reference::kMax, 60, Normalisation::kNone, {}, {}}), Each(-60));
  EXPECT_THAT(silence_of({Reference::kMax, 80, Normalisation::kTrackMinMax, {}, {}}), Each(0));
  const auto values = read({Reference::kMax, 200, Normalisation::kTrackMinMax, {}, {}}, {1, 0}, 6);
  EXPECT_THAT(values[3], FloatEq((value_of(1, 1, 0) + 100) / (max_of(1) + 100)));
}

TEST_F(SliceReaderTest, AGainLeavesThePaddingAsItIs) {
  const Normaliser normaliser{Reference::kMax, 200, Normalisation::kNone, {}, {}};
  std::vector<float> values(5 * kBins);
  SliceReader({store_, "mel"}, normaliser).read({{1, 0}, 5, 7}, 5, values.data());
  EXPECT_EQ(values[0], 7);
  EXPECT_EQ(values[4 * kBins], -100 - max_of(1));
}

// Track 2 lies between -22 (frame 0, bin 0) and -22 - 49 - 20 dB, wherever the slice lies.
TEST_F(SliceReaderTest, TrackMinMaxLooksAtTheWholeTrack) {
  const auto values = read({Reference::kMax, 80, Normalisation::kTrackMinMax, {}, {}}, {2, 10}, 5);
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_FLOAT_EQ(values[i], (value_of(2, 10 + i / kBins, i % kBins) + 91) / 69);
  }
}

// Track 2 alone is in training: 50 periods of 0..49 below its maximum, variance (50^2 - 1) / 12.
TEST_F(SliceReaderTest, StatisticsComeFromTheTrainingPartAlone) {
  const std::vector<Part> parts = {Part::kTest, Part::kValidation, Part::kTrain, Part::kNone};
  const Normaliser normaliser = Normaliser::fit({store_, "mel"}, parts, {});
  ASSERT_EQ(normaliser.mean.size(), kBins);
  for (std::size_t bin = 0; bin < kBins; ++bin) {
    EXPECT_FLOAT_EQ(normaliser.mean[bin], -24.5F - 10.0F * static_cast<float>(bin));
    EXPECT_FLOAT_EQ(normaliser.scale[bin], static_cast<float>(1 / std::sqrt(2499.0 / 12.0)));
  }
  const auto values = read(normaliser, {2, 0}, 50);
  EXPECT_FLOAT_EQ(values[0], static_cast<float>(24.5 / std::sqrt(2499.0 / 12.0)));
}

TEST_F(SliceReaderTest, StatisticsOfNoTrackAreAnError) {
  const std::vector<Part> parts(4, Part::kTest);
  EXPECT_THROW(Normaliser::fit({store_, "mel"}, parts, {}), runtime::UsageError);
}

}  // namespace
}  // namespace chorale::samples
