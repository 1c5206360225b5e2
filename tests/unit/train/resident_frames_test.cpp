// Frames on the device are, bit for bit, those that SliceReader reads.
#include "train/data/resident_frames.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/runtime/random.hpp"
#include "pipeline/store/shard_writer.hpp"
#include "support/device.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::train {
namespace {

using config::Normalisation;
using samples::View;

constexpr std::size_t kBins = 5;
const std::vector<std::size_t> kLengths = {30, 4, 17, 9};

// Noise: half in decibels, or float on a linear scale.
store::Store make_store(const std::filesystem::path& folder, store::FeatureScale scale) {
  store::StoreHeader header;
  const bool decibels = scale == store::FeatureScale::kDecibel;
  header.features = {{.name = "noise",
                      .width = kBins,
                      .scale = scale,
                      .type = decibels ? config::StoreType::kHalf : config::StoreType::kFloat}};
  store::ShardWriter writer(header, 0, "");
  for (std::size_t t = 0; t < kLengths.size(); ++t) {
    runtime::RandomStream noise(1, {t});
    std::vector<float> values(kLengths[t] * kBins);
    for (float& value : values) value = static_cast<float>(noise.uniform(-90, 5));
    store::StoredTrack row;
    row.track.id = row.track.path = std::to_string(t);
    const std::span<const float> frames = values;
    writer.add(row, {&frames, 1});
  }
  writer.write(folder);
  store::write_index(folder, header, 1);
  return store::Store::open(folder);
}

class ResidentFramesTest
    : public testing::TestWithParam<std::tuple<store::FeatureScale, Normalisation, config::Reference>> {
 protected:
  ResidentFramesTest() {
    config::Train options;
    options.normalisation = std::get<1>(GetParam());
    options.reference = std::get<2>(GetParam());
    options.top_db = 60;
    normaliser_ = samples::Normaliser::fit(input_, parts_, options);
  }

  void expect_same(const std::vector<View>& views, std::size_t frames) const {
    const samples::SliceReader reader(input_, normaliser_);
    const auto gathered =
        ResidentFrames(reader, parts_, testing_support::test_device()).gather(views, frames).cpu();
    ASSERT_EQ(gathered.sizes(), (std::vector<std::int64_t>{static_cast<std::int64_t>(views.size()), 1, kBins,
                                                           static_cast<std::int64_t>(frames)}));
    const auto expected =
        torch::empty({static_cast<std::int64_t>(views.size()), static_cast<std::int64_t>(frames), kBins});
    for (std::size_t i = 0; i < views.size(); ++i)
      reader.read(views[i], frames, expected[static_cast<std::int64_t>(i)].mutable_data_ptr<float>());
    EXPECT_TRUE(torch::equal(gathered, expected.transpose(1, 2).unsqueeze(1)));
  }

  testing_support::TemporaryFolder folder_;
  store::Store store_ = make_store(folder_.path(), std::get<0>(GetParam()));
  samples::Input input_{store_, "noise"};
  // The second track is in no part, so its rows are not there.
  std::vector<config::Part> parts_ = {config::Part::kTrain, config::Part::kNone, config::Part::kValidation,
                                      config::Part::kTrain};
  samples::Normaliser normaliser_;
};

TEST_P(ResidentFramesTest, AreThoseOfSlices) { expect_same({{{0, 3}, 8}, {{3, 1}, 8}, {{0, 22}, 8}}, 8); }

TEST_P(ResidentFramesTest, WithSilenceWhereATrackEnds) { expect_same({{{3, 0}, 12}, {{0, 5}, 12}}, 12); }

TEST_P(ResidentFramesTest, AreThoseOfWholeTracks) {
  expect_same({{{2, 0}, 17}, {{0, 0}, 30}, {{3, 0}, 9}}, 30);
}

TEST_P(ResidentFramesTest, WithGains) { expect_same({{{3, 0}, 12, -6.5F}, {{0, 5}, 12, 3.1F}}, 12); }

TEST_P(ResidentFramesTest, OfNoSampleAreNone) { expect_same({}, 12); }

INSTANTIATE_TEST_SUITE_P(All, ResidentFramesTest,
                         testing::Combine(testing::Values(store::FeatureScale::kDecibel,
                                                          store::FeatureScale::kLinear),
                                          testing::Values(Normalisation::kNone, Normalisation::kTrackMinMax,
                                                          Normalisation::kBinZScore),
                                          testing::Values(config::Reference::kMax, config::Reference::kOne)));

}  // namespace
}  // namespace chorale::train
