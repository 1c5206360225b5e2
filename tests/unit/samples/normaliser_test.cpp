// Expected values are worked out by hand from the definitions in normaliser.hpp.
#include "pipeline/samples/normaliser.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "pipeline/config/json_fields.hpp"
#include "pipeline/runtime/random.hpp"

namespace chorale::samples {
namespace {

using config::Normalisation;
using config::Reference;
using ::testing::ElementsAre;
using ::testing::FloatNear;

std::vector<float> apply(const Normaliser& normaliser, TrackLevel level, std::size_t bins,
                         std::vector<float> values) {
  normaliser.apply(normaliser.scaling(level), bins, values);
  return values;
}

TEST(Normaliser, ReferenceAndTopDbAreThoseOfPowerToDb) {
  const std::vector<float> values = {10, -60, -75, -100};
  const Normaliser by_max{Reference::kMax, 80, Normalisation::kNone, {}, {}};
  EXPECT_THAT(apply(by_max, {10, -100}, 2, values), ElementsAre(0, -70, -80, -80));
  const Normaliser by_one{Reference::kOne, 80, Normalisation::kNone, {}, {}};
  EXPECT_THAT(apply(by_one, {10, -100}, 2, values), ElementsAre(10, -60, -70, -70));
}

TEST(Normaliser, TrackMinMaxSpansTheClippedRangeOfTheTrack) {
  const Normaliser normaliser{Reference::kMax, 80, Normalisation::kTrackMinMax, {}, {}};
  EXPECT_THAT(apply(normaliser, {10, -100}, 1, {10, -30, -70, -90}), ElementsAre(1, 0.5, 0, 0));
  EXPECT_THAT(apply(normaliser, {10, -30}, 1, {10, -10, -30}), ElementsAre(1, 0.5, 0));
  EXPECT_THAT(apply(normaliser, {-100, -100}, 1, {-100, -100}), ElementsAre(0, 0));
}

TEST(Normaliser, BinZScoreComesAfterReferenceAndTopDb) {
  const Normaliser normaliser{Reference::kMax, 80, Normalisation::kBinZScore, {-40, -10}, {0.1F, 0.5F}};
  EXPECT_THAT(apply(normaliser, {10, -100}, 2, {10, 10, -30, -95}), ElementsAre(4, 5, 0, -35));
}

// A gain that came before the reference would be cancelled by it; the floor and the top of the range are
// those of the track as it is stored.
TEST(Normaliser, AGainMovesWhatIsAboveTheFloor) {
  const auto with_gain = [](const Normaliser& normaliser, float gain, std::vector<float> values) {
    normaliser.apply(normaliser.scaling({10, -100}, gain), 1, values);
    return values;
  };
  const Normaliser by_max{Reference::kMax, 80, Normalisation::kNone, {}, {}};
  EXPECT_THAT(with_gain(by_max, 6, {10, -60, -75, -100}), ElementsAre(6, -64, -79, -80));
  EXPECT_THAT(with_gain(by_max, -6, {10, -60, -75, -100}), ElementsAre(-6, -76, -80, -80));
  const Normaliser by_one{Reference::kOne, 80, Normalisation::kNone, {}, {}};
  EXPECT_THAT(with_gain(by_one, -6, {10, -60, -75, -100}), ElementsAre(4, -66, -70, -70));
  const Normaliser by_range{Reference::kMax, 80, Normalisation::kTrackMinMax, {}, {}};
  EXPECT_THAT(with_gain(by_range, -40, {10, -30, -70}), ElementsAre(0.5, 0, 0));
  const Normaliser by_bin{Reference::kMax, 80, Normalisation::kBinZScore, {-40}, {0.1F}};
  EXPECT_THAT(with_gain(by_bin, 10, {10, -30, -95}), ElementsAre(5, 1, -4));
  Normaliser linear = by_max;
  linear.scale_of_values = store::FeatureScale::kLinear;
  EXPECT_THAT(with_gain(linear, 6, {10}), ElementsAre(10));
}

// Against the two-pass formula in long double; one part in 1e6 is float's precision in the stored figures.
TEST(BinStatistics, AreMeanAndStandardDeviationOfEachBin) {
  constexpr std::size_t kBins = 3, kFrames = 5000;
  runtime::RandomStream random(3);
  std::vector<float> values;
  for (std::size_t i = 0; i < kFrames * kBins; ++i) {
    const auto bin = static_cast<double>(i % kBins);
    values.push_back(static_cast<float>(-20 * bin + (5 + bin) * random.normal()));
  }
  BinStatistics statistics(kBins);
  statistics.add(std::span(values).first(kBins * 1234));
  statistics.add(std::span(values).subspan(kBins * 1234));
  EXPECT_EQ(statistics.frames(), kFrames);
  Normaliser normaliser;
  statistics.store_in(normaliser);
  for (std::size_t bin = 0; bin < kBins; ++bin) {
    long double mean = 0, square = 0;
    for (std::size_t i = bin; i < values.size(); i += kBins)
      mean += values[i] / static_cast<long double>(kFrames);
    for (std::size_t i = bin; i < values.size(); i += kBins)
      square += (values[i] - mean) * (values[i] - mean);
    const auto scale = static_cast<float>(1 / std::sqrt(square / kFrames));
    EXPECT_NEAR(normaliser.mean[bin], static_cast<float>(mean), 4e-5);
    EXPECT_NEAR(normaliser.scale[bin], scale, 1e-6 * scale);
  }
}

TEST(BinStatistics, ABinThatDoesNotVaryIsNotBlownUp) {
  BinStatistics statistics(2);
  statistics.add(std::vector<float>{-80, -10, -80, -30});
  Normaliser normaliser;
  statistics.store_in(normaliser);
  EXPECT_THAT(normaliser.mean, ElementsAre(-80, -20));
  EXPECT_THAT(normaliser.scale,
              ElementsAre(static_cast<float>(1 / Normaliser::kMinStd), FloatNear(0.1F, 1e-7F)));
}

TEST(Normaliser, SurvivesJsonExactly) {
  const Normaliser normaliser{
      Reference::kOne, 77.7, Normalisation::kBinZScore, {-40.1F, 1e-8F}, {0.1F, 1.0F / 3}};
  const Normaliser back = Normaliser::from_json(normaliser.to_json());
  EXPECT_EQ(back.reference, normaliser.reference);
  EXPECT_EQ(back.top_db, normaliser.top_db);
  EXPECT_EQ(back.kind, normaliser.kind);
  EXPECT_EQ(back.mean, normaliser.mean);
  EXPECT_EQ(back.scale, normaliser.scale);
  EXPECT_THROW(Normaliser::from_json("{\"kind\": \"none\"}"), config::JsonError);
}

}  // namespace
}  // namespace chorale::samples
