// What is done to one sample of the training part in one epoch. A draw is a function of the seed, the epoch,
// the number of the sample and its size, and of nothing else: not of ranks, batches, threads, or of which
// other effects there are.
#pragma once

#include <cstdint>
#include <vector>

#include "pipeline/config/experiment.hpp"
#include "pipeline/samples/slice_reader.hpp"

namespace chorale::train {

struct SampleKey {
  std::uint64_t seed = 0, epoch = 0;
  std::uint32_t sample = 0;  // index into Source::slices
};

struct SampleSize {
  std::int64_t frames = 0, bins = 0;
};

struct Span {
  std::int64_t first = 0, count = 0;
};

// Crop and gain: how a slice is read. It begins up to `crop` * frames earlier or later, within its track. The
// gain is uniform in dB.
samples::View draw_view(const config::TrainAugment& options, const SampleKey& key, samples::View view,
                        std::uint64_t track_frames);

// Another sample of the training part that is mixed into this one, any of `samples` with equal chance.
//   mixup   weight * sample + (1 - weight) * partner, weight from Beta(alpha, alpha) (Zhang 2018)
//   cutmix  a rectangle of the partner in the place of the sample's own: its middle anywhere, its sides
//           sqrt(1 - lambda) of the sample's, lambda from Beta(alpha, alpha), cut off at the borders; weight
//           is the share of the sample that is left (Yun 2019, algorithm 1)
// Where both are asked for, each sample gets one of the two, by a coin.
struct Mix {
  enum class Kind { kNone, kMixup, kCutmix } kind = Kind::kNone;
  std::uint32_t partner = 0;
  double weight = 1;
  Span frames, bins;  // the rectangle of cutmix
};
Mix draw_mix(const config::TrainAugment& options, const SampleKey& key, std::uint32_t samples,
             SampleSize size);

// SpecAugment (Park 2019): each mask has any width from 0 to the largest with equal chance, and then any
// place.
struct Masks {
  std::vector<Span> frames, bins;
};
Masks draw_masks(const config::TrainAugment& options, const SampleKey& key, SampleSize size);

// Seed of the noise's generator.
std::uint64_t draw_noise_seed(const SampleKey& key);

}  // namespace chorale::train
