// Representations that are not in decibels.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/samples/slice_reader.hpp"
#include "pipeline/store/shard_writer.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::samples {
namespace {

using config::Normalisation;
using config::Part;
using testing::ElementsAre;

// Two tracks of two and four frames with one bin: 1, 3 and 10, 20, 30, 40.
class LinearInput : public testing::Test {
 protected:
  LinearInput() {
    store::StoreHeader header;
    header.features = {{.name = "mfcc", .width = 1}};
    store::ShardWriter writer(header, 0, "");
    for (const std::vector<float>& values : {std::vector<float>{1, 3}, std::vector<float>{10, 20, 30, 40}}) {
      store::StoredTrack row;
      row.track.id = row.track.path = std::to_string(values.size());
      const std::span<const float> frames = values;
      writer.add(row, {&frames, 1});
    }
    writer.write(folder_.path());
    store::write_index(folder_.path(), header, 1);
  }

  std::vector<float> read(Normalisation kind, Slice slice) const {
    const store::Store store = store::Store::open(folder_.path());
    const Input input(store, "mfcc");
    config::Train options;
    options.normalisation = kind;
    const std::vector<Part> parts = {Part::kTrain, Part::kNone};
    const Normaliser normaliser = Normaliser::fit(input, parts, options);
    std::vector<float> values(3);
    SliceReader(input, normaliser).read({slice, 3}, 3, values.data());
    return values;
  }

  const testing_support::TemporaryFolder folder_;
};

TEST_F(LinearInput, ReferenceAndTopDbLeaveItAlone) {
  EXPECT_THAT(read(Normalisation::kNone, {1, 1}), ElementsAre(20, 30, 40));
}

// Mean 2 and deviation 1 of the training track.
TEST_F(LinearInput, AShortTrackIsPaddedWithTheMeanOfZScores) {
  EXPECT_THAT(read(Normalisation::kBinZScore, {0, 0}), ElementsAre(-1, 1, 0));
  EXPECT_THAT(read(Normalisation::kBinZScore, {1, 0}), ElementsAre(8, 18, 28));
}

TEST_F(LinearInput, AndWithTheMinimumOfMinMax) {
  EXPECT_THAT(read(Normalisation::kTrackMinMax, {0, 0}), ElementsAre(0, 1, 0));
  EXPECT_THAT(read(Normalisation::kTrackMinMax, {1, 1}),
              ElementsAre(testing::FloatNear(1.0F / 3, 1e-6F), testing::FloatNear(2.0F / 3, 1e-6F), 1));
}

}  // namespace
}  // namespace chorale::samples
