#include "pipeline/samples/vectors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "pipeline/runtime/error.hpp"
#include "pipeline/store/shard_writer.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::samples {
namespace {

using enum config::Part;
using testing::ElementsAre;
using testing::HasSubstr;

using Rows = std::vector<std::vector<float>>;

// Tempo, a constant, the key. The store also has frames, one a track; `variants` are of the row before.
class VectorsTest : public testing::Test {
 protected:
  store::Store make(const Rows& rows, const std::string& feature = "features_103",
                    const std::map<std::size_t, std::string>& variants = {}) const {
    store::StoreHeader header;
    header.features = {{.name = "mfcc", .width = 1},
                       {.name = feature,
                        .kind = store::FeatureKind::kTrack,
                        .width = 3,
                        .columns = {"tempo", "sample_rate", "estimated_key"}}};
    store::ShardWriter writer(header, 0, "");
    const std::vector<float> frame = {0};
    for (std::size_t t = 0; t < rows.size(); ++t) {
      store::StoredTrack row;
      row.track.id = row.track.path = "t" + std::to_string(t);
      if (variants.contains(t)) row.track.variant = variants.at(t);
      writer.add(row, std::vector<std::span<const float>>{frame, rows[t]});
    }
    writer.write(folder_.path());
    store::write_index(folder_.path(), header, 1);
    return store::Store::open(folder_.path());
  }

  static std::vector<float> encoded(const VectorEncoder& encoder, const std::vector<float>& stored) {
    std::vector<float> out(encoder.width());
    encoder.encode(stored, out.data());
    return out;
  }

  template <class Error, class Call>
  static std::string message_of(Call call) {
    try {
      call();
    } catch (const Error& error) {
      return error.what();
    }
    return "nothing was thrown";
  }

  testing_support::TemporaryFolder folder_;
  const std::vector<config::Part> parts_ = {kTrain, kTrain, kTest, kNone};
};

// Training: tempo 100 and 140 (mean 120, deviation 20); keys 0 and 11.
TEST_F(VectorsTest, AmountsAreStandardisedOnTheTrainingPartAndCategoriesOneHot) {
  const auto store = make({{100, 22050, 0}, {140, 22050, 11}, {170, 44100, 3}, {0, 0, 0}});
  const auto encoder = VectorEncoder::fit(store, "features_103", parts_);
  ASSERT_EQ(encoder.width(), 2U + 12U);
  EXPECT_THAT(encoded(encoder, {170, 44100, 3}), ElementsAre(2.5, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0));
  const Vectors vectors(store, encoder, parts_);
  EXPECT_THAT(vectors.of(0), ElementsAre(-1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
  EXPECT_THAT(vectors.of(1), ElementsAre(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1));
  EXPECT_EQ(vectors.of(2)[0], 2.5F);
  EXPECT_THAT(vectors.of(3), testing::Each(0));
}

TEST_F(VectorsTest, EncodedColumnsAreNamed) {
  const auto store = make({{100, 22050, 0}, {140, 22050, 11}, {1, 1, 1}, {1, 1, 1}});
  const auto names = encoded_columns(store, VectorEncoder::fit(store, "features_103", parts_));
  ASSERT_EQ(names.size(), 2U + 12U);
  EXPECT_THAT(std::vector(names.begin(), names.begin() + 4),
              ElementsAre("tempo", "sample_rate", "estimated_key=C", "estimated_key=C#"));
  EXPECT_EQ(names.back(), "estimated_key=B");
}

// Six equal doubles and their mean differ by rounding.
TEST_F(VectorsTest, AConstantColumnIsZeroAndAnOddValueIsLimited) {
  const float odd = 0.1F;
  const auto store = make({{odd, 1, 0}, {odd, 1, 0}, {odd, 1.001F, 0}, {9, 2, 0}});
  const auto encoder = VectorEncoder::fit(store, "features_103", std::vector{kTrain, kTrain, kTrain, kTest});
  const auto out = encoded(encoder, {9, 2, 0});
  EXPECT_EQ(out[0], 0);
  EXPECT_EQ(out[1], VectorEncoder::kLargest);
}

// Variants of the second recording would pull the mean towards it.
TEST_F(VectorsTest, VariantsAreEncodedButNotCounted) {
  const Rows rows = {{100, 1, 0}, {140, 1, 0}, {139, 1, 1}, {141, 1, 2}};
  const auto store = make(rows, "features_103", {{2, "pitch_shift_1"}, {3, "pitch_shift_2"}});
  const std::vector<config::Part> all(4, kTrain);
  const auto encoder = VectorEncoder::fit(store, "features_103", all);
  EXPECT_EQ(encoder.mean[0], 120);
  EXPECT_FLOAT_EQ(Vectors(store, encoder, all).of(3)[0], 21.0F / 20);
}

TEST_F(VectorsTest, OfOtherSetsNoColumnIsACategory) {
  const auto store = make({{100, 1, 0}, {140, 1, 11}, {1, 1, 1}, {1, 1, 1}}, "mine");
  EXPECT_EQ(VectorEncoder::fit(store, "mine", parts_).width(), 3U);
}

TEST_F(VectorsTest, NoNameIsNoVector) {
  const auto store = make({{100, 1, 0}});
  const auto encoder = VectorEncoder::fit(store, "", std::vector{kTrain});
  EXPECT_EQ(encoder.width(), 0U);
  EXPECT_TRUE(Vectors(store, encoder, std::vector{kTrain}).of(0).empty());
}

TEST_F(VectorsTest, TravelsAsJson) {
  const auto store = make({{100.1F, 22050, 0}, {140, 22050, 11}, {1, 1, 1}, {1, 1, 1}});
  const auto encoder = VectorEncoder::fit(store, "features_103", parts_);
  const auto back = VectorEncoder::from_json(encoder.to_json());
  EXPECT_EQ(back.feature, "features_103");
  EXPECT_EQ(back.categories, encoder.categories);
  EXPECT_EQ(back.mean, encoder.mean);
  EXPECT_EQ(back.scale, encoder.scale);
}

// Not finite ones cannot be written into a store.
TEST_F(VectorsTest, ValuesThatAreNoCategoryAreNamed) {
  for (const float key : {12.0F, -1.0F, 1.5F}) {
    const auto store = make({{100, 1, key}});
    EXPECT_THAT(message_of<store::StoreError>(
                    [&] { VectorEncoder::fit(store, "features_103", std::vector{kTrain}); }),
                testing::AllOf(HasSubstr("features_103 of t0 is"),
                               HasSubstr("in column estimated_key, expected a whole number from 0 to 11")));
  }
}

TEST_F(VectorsTest, WhatTheStoreLacksIsNamed) {
  const auto store = make({{100, 1, 0}});
  const std::vector<config::Part> parts = {kTrain};
  EXPECT_THAT(message_of<store::StoreMismatch>([&] { VectorEncoder::fit(store, "features_518", parts); }),
              testing::AllOf(HasSubstr("features.store = [\"mfcc\", \"features_103\", \"features_518\"]"),
                             HasSubstr("chorale ingest CONFIG --rebuild")));
  EXPECT_THAT(message_of<store::StoreMismatch>([&] { VectorEncoder::fit(store, "mfcc", parts); }),
              HasSubstr("mfcc is a representation of frames"));
  EXPECT_THROW(VectorEncoder::fit(store, "features_103", std::vector{kTest}), runtime::UsageError);
  const auto encoder = VectorEncoder::fit(store, "features_103", parts);
  auto other = encoder;
  other.categories.push_back(0);
  EXPECT_THROW(Vectors(store, other, parts), store::StoreMismatch);
}

}  // namespace
}  // namespace chorale::samples
