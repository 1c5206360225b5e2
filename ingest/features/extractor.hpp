// From the samples of one track to everything that features.store names, each intermediate computed once.
#pragma once

#include <span>
#include <vector>

#include "ingest/features/mel.hpp"
#include "pipeline/config/experiment.hpp"
#include "pipeline/store/feature.hpp"

namespace chorale::features {

// What features.store asks for, in its order.
std::vector<store::Feature> describe_features(const config::Experiment& experiment);

// Reuses its buffers from track to track. Not for several threads.
class Extractor {
 public:
  explicit Extractor(const config::Experiment& experiment);

  // Of each feature of describe_features() its values: [frames, width], [width], or frame numbers. Valid
  // until the next call. Precondition: at least one sample, at audio.sample_rate.
  std::span<const std::span<const float>> compute(std::span<const float> samples);

 private:
  MelSpectrogram mel_;
  std::vector<std::span<const float>> values_;  // one a feature
};

}  // namespace chorale::features
