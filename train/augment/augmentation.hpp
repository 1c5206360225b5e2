// train.augment: what is done to the samples of the training part, anew in every epoch.
#pragma once

#include <cstdint>

#include "pipeline/models/model.hpp"
#include "pipeline/samples/loader.hpp"
#include "train/augment/draw.hpp"

namespace chorale::train {

// In this order: a slice is moved and made louder or softer as it is read (draw_view), its partner as well;
// the partner is mixed in; masks are filled with the mean of what there is now; noise is added. Of whole
// tracks, nothing is done to what they are padded with.
class Augmentation {
 public:
  // Keeps a reference to the source. Throws UsageError for a gain of values that are not decibels.
  Augmentation(const config::TrainAugment& options, std::uint64_t seed, const samples::Source& source);

  // How the samples of an epoch are read; empty when that is as they are.
  samples::Readings readings(std::uint64_t epoch) const;

  // `inputs` are those of the batch and `partners` those of batch.partners, if it has any, on one device.
  // They are left as they are; where there is nothing to do, they are what is returned.
  models::Inputs apply(const models::Inputs& inputs, const models::Inputs& partners,
                       const samples::Batch& batch, std::uint64_t epoch) const;

 private:
  samples::View view(std::uint64_t epoch, std::uint32_t sample) const;
  Mix mix_of(std::uint64_t epoch, std::uint32_t sample, std::uint32_t frames) const;
  samples::Reading reading(std::uint64_t epoch, std::uint32_t sample) const;
  bool mixes() const { return options_.mixup > 0 || options_.cutmix > 0; }
  bool masks() const { return options_.time_masks > 0 || options_.frequency_masks > 0; }

  config::TrainAugment options_;
  std::uint64_t seed_;
  const samples::Source& source_;
};

}  // namespace chorale::train
