// What train.augment does to batches, on a store with three bins.
#include "train/augment/augmentation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "pipeline/models/inputs.hpp"
#include "pipeline/runtime/error.hpp"
#include "support/temporary_folder.hpp"
#include "unit/samples/small_store.hpp"

namespace chorale::train {
namespace {

using samples::kBins;

constexpr std::uint64_t kSeed = 5, kEpoch = 3;

class AugmentationTest : public testing::Test {
 protected:
  // Slices of `frames`, or whole tracks (0).
  samples::Source source(std::size_t frames, const samples::Vectors* vectors = nullptr) const {
    auto slices = samples::make_slices(store_, parts_, config::Part::kTrain, frames, 0.5);
    return {{store_, "mel"}, normaliser_, std::move(slices), frames, vectors};
  }

  // Augmented samples [bins, frames] by their number, of one rank's part of an epoch.
  static void collect(std::map<std::uint32_t, torch::Tensor>& samples, const samples::Source& source,
                      const config::TrainAugment& options, std::size_t batch_size, int rank = 0,
                      int ranks = 1) {
    const Augmentation augmentation(options, kSeed, source);
    const auto plan = samples::BatchPlan::shuffled(static_cast<std::uint32_t>(source.slices.size()),
                                                   batch_size, kSeed, kEpoch, rank, ranks);
    samples::Loader loader(source, plan, {.readings = augmentation.readings(kEpoch)});
    while (const samples::Batch* batch = loader.next()) {
      const auto inputs =
          augmentation.apply(models::inputs_of(*batch), models::partners_of(*batch), *batch, kEpoch);
      for (std::size_t i = 0; i < batch->samples.size(); ++i)
        samples[batch->samples[i]] = inputs.frames[static_cast<std::int64_t>(i)][0].clone();
    }
  }
  static std::map<std::uint32_t, torch::Tensor> augmented(const samples::Source& source,
                                                          const config::TrainAugment& options,
                                                          std::size_t batch_size = 4) {
    std::map<std::uint32_t, torch::Tensor> samples;
    collect(samples, source, options, batch_size);
    return samples;
  }

  testing_support::TemporaryFolder folder_;
  store::Store store_ = samples::make_store(folder_.path(), {40, 9, 25, 33, 12, 18, 60});
  std::vector<config::Part> parts_ = std::vector<config::Part>(7, config::Part::kTrain);
  samples::Normaliser normaliser_{config::Reference::kMax, 80, config::Normalisation::kNone, {}, {}};
};

TEST_F(AugmentationTest, DoesAndCostsNothingWhenItIsOff) {
  const auto all = source(10);
  const Augmentation augmentation({}, kSeed, all);
  EXPECT_FALSE(augmentation.readings(kEpoch));
  const auto plan = samples::BatchPlan::sequential(4, 4);
  samples::Loader loader(all, plan);
  const auto* batch = loader.next();
  const auto inputs = models::inputs_of(*batch);
  EXPECT_TRUE(augmentation.apply(inputs, {}, *batch, kEpoch).frames.is_same(inputs.frames));
}

TEST_F(AugmentationTest, MasksHoldTheMeanOfTheSample) {
  const config::TrainAugment options{
      .time_masks = 2, .time_mask_width = 4, .frequency_masks = 1, .frequency_mask_width = 1};
  const auto all = source(10);
  const auto plain = augmented(all, {});
  std::size_t masked = 0;
  for (const auto& [sample, values] : augmented(all, options)) {
    const auto masks = draw_masks(options, {kSeed, kEpoch, sample}, {10, kBins});
    const auto covered = torch::zeros({static_cast<std::int64_t>(kBins), 10}, torch::kBool);
    for (const Span& span : masks.frames) covered.narrow(1, span.first, span.count).fill_(true);
    for (const Span& span : masks.bins) covered.narrow(0, span.first, span.count).fill_(true);
    const auto mean = plain.at(sample).to(torch::kFloat64).mean().to(torch::kFloat32);
    EXPECT_TRUE(torch::allclose(values, torch::where(covered, mean, plain.at(sample)), 1e-6, 0)) << sample;
    masked += static_cast<std::size_t>(covered.sum().item<std::int64_t>());
  }
  EXPECT_GT(masked, 0U);
}

TEST_F(AugmentationTest, MixupIsTheWeightedSum) {
  const config::TrainAugment options{.mixup = 1};
  const auto all = source(10);
  const auto plain = augmented(all, {});
  const auto samples = static_cast<std::uint32_t>(all.slices.size());
  for (const auto& [sample, values] : augmented(all, options)) {
    const auto mix = draw_mix(options, {kSeed, kEpoch, sample}, samples, {10, kBins});
    const auto expected = mix.weight * plain.at(sample) + (1 - mix.weight) * plain.at(mix.partner);
    EXPECT_TRUE(torch::allclose(values, expected, 1e-5, 1e-5)) << sample;
  }
}

TEST_F(AugmentationTest, CutmixPutsARectangleOfThePartnerIn) {
  const config::TrainAugment options{.cutmix = 1};
  const auto all = source(10);
  const auto plain = augmented(all, {});
  const auto samples = static_cast<std::uint32_t>(all.slices.size());
  std::int64_t replaced = 0;
  for (const auto& [sample, values] : augmented(all, options)) {
    const auto mix = draw_mix(options, {kSeed, kEpoch, sample}, samples, {10, kBins});
    auto expected = plain.at(sample).clone();
    const auto rectangle = [&](const torch::Tensor& of) {
      return of.narrow(0, mix.bins.first, mix.bins.count).narrow(1, mix.frames.first, mix.frames.count);
    };
    rectangle(expected).copy_(rectangle(plain.at(mix.partner)));
    EXPECT_TRUE(torch::equal(values, expected)) << sample;
    replaced += mix.frames.count * mix.bins.count;
  }
  EXPECT_GT(replaced, 0);
}

TEST_F(AugmentationTest, TheBatchHoldsPartnersAndWeightsOfTheLoss) {
  const config::TrainAugment options{.mixup = 0.2, .cutmix = 1};
  const auto all = source(10);
  const auto samples = static_cast<std::uint32_t>(all.slices.size());
  const Augmentation augmentation(options, kSeed, all);
  const auto plan = samples::BatchPlan::shuffled(samples, 6, kSeed, kEpoch, 1, 2);
  samples::Loader loader(all, plan, {.readings = augmentation.readings(kEpoch)});
  const auto& batch = *loader.next();
  ASSERT_EQ(batch.samples.size(), 3U);
  ASSERT_EQ(batch.partners.global_weights.size(), 6U);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto mix = draw_mix(options, {kSeed, kEpoch, batch.samples[i]}, samples, {10, kBins});
    EXPECT_EQ(batch.partners.views[i].slice.track, all.slices[mix.partner].track);
    EXPECT_FLOAT_EQ(batch.partners.weights[i], static_cast<float>(mix.weight));
    EXPECT_EQ(batch.partners.global_weights[3 + i], batch.partners.weights[i]);
  }
}

TEST_F(AugmentationTest, NoiseHasTheDeviationAndIsSeededBySample) {
  const auto all = source(10);
  const auto plain = augmented(all, {});
  double square = 0, count = 0;
  std::map<std::uint32_t, torch::Tensor> noises;
  for (const auto& [sample, values] : augmented(all, {.noise = 0.5})) {
    noises[sample] = values - plain.at(sample);
    square += noises[sample].square().sum().item<double>();
    count += static_cast<double>(values.numel());
  }
  EXPECT_NEAR(std::sqrt(square / count), 0.5, 4 * 0.5 / std::sqrt(2 * count));  // four standard errors
  EXPECT_FALSE(torch::allclose(noises.at(0), noises.at(1), 0, 1e-3));
}

TEST_F(AugmentationTest, OfWholeTracksThePaddingStaysAsItIs) {
  const config::TrainAugment options{.time_masks = 2,
                                     .time_mask_width = 30,
                                     .frequency_masks = 1,
                                     .frequency_mask_width = 2,
                                     .mixup = 1,
                                     .cutmix = 1,
                                     .gain = 6,
                                     .noise = 1};
  const auto all = source(0);
  const auto plain = augmented(all, {}, 7);
  for (const auto& [sample, values] : augmented(all, options, 7)) {
    ASSERT_EQ(values.size(1), 60);
    const std::int64_t length = all.view(sample).frames;
    EXPECT_TRUE(
        torch::equal(values.narrow(1, length, 60 - length), plain.at(sample).narrow(1, length, 60 - length)));
    EXPECT_FALSE(torch::equal(values.narrow(1, 0, length), plain.at(sample).narrow(1, 0, length)));
  }
}

// The mean that fills masks is a sum over a sample; in what order it is taken is the library's affair.
TEST_F(AugmentationTest, ASampleIsAugmentedTheSameInEveryBatchAndOnEveryRank) {
  const config::TrainAugment options{.time_masks = 1,
                                     .time_mask_width = 5,
                                     .frequency_masks = 1,
                                     .frequency_mask_width = 1,
                                     .mixup = 0.4,
                                     .cutmix = 0.4,
                                     .crop = 0.5,
                                     .gain = 6,
                                     .noise = 0.1};
  for (const std::size_t frames : {10, 0}) {
    const auto all = source(frames);
    const auto reference = augmented(all, options, 4);
    auto others = augmented(all, options, 7);
    std::map<std::uint32_t, torch::Tensor> ranks;
    for (const int rank : {0, 1, 2}) collect(ranks, all, options, 5, rank, 3);
    ASSERT_EQ(reference.size(), all.slices.size());
    ASSERT_EQ(ranks.size(), reference.size());
    for (const auto& [sample, values] : reference) {
      const std::int64_t length = all.view(sample).frames;
      const auto own = values.narrow(1, 0, length);
      EXPECT_TRUE(torch::allclose(own, others.at(sample).narrow(1, 0, length), 1e-6, 0)) << sample;
      EXPECT_TRUE(torch::allclose(own, ranks.at(sample).narrow(1, 0, length), 1e-6, 0)) << sample;
    }
  }
}

TEST_F(AugmentationTest, AGainNeedsDecibels) {
  store::StoreHeader header;
  header.features = {{.name = "mfcc", .width = 1}};
  store::ShardWriter writer(header, 0, "");
  store::StoredTrack row;
  row.track.id = row.track.path = "t";
  const std::vector<float> frames = {1, 2};
  const std::span<const float> values = frames;
  writer.add(row, {&values, 1});
  const testing_support::TemporaryFolder folder;
  writer.write(folder.path());
  store::write_index(folder.path(), header, 1);
  const auto linear = store::Store::open(folder.path());
  const samples::Source all({linear, "mfcc"}, normaliser_, {{0, 0}}, 2);
  EXPECT_THROW(Augmentation({.gain = 1}, kSeed, all), runtime::UsageError);
  EXPECT_NO_THROW(Augmentation({.crop = 0.5}, kSeed, all));
}

}  // namespace
}  // namespace chorale::train
