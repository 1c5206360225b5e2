// From the samples of one track to everything that features.store names.
#pragma once

#include <span>
#include <vector>

#include "ingest/features/analysis.hpp"
#include "ingest/features/outputs.hpp"
#include "pipeline/config/experiment.hpp"
#include "pipeline/store/feature.hpp"

namespace chorale::features {

// Reuses its buffers from track to track. Not for several threads.
class Extractor {
 public:
  // Tries everything once. Throws UsageError where something cannot be computed with this configuration (a
  // CQT at 8 kHz).
  explicit Extractor(const config::Experiment& experiment);

  // What compute() gives, in the order of features.store.
  std::vector<store::Feature> features() const;

  // Of each feature its values: [frames, width], [width], or frame numbers. Valid until the next call.
  // Precondition: at least one sample, at audio.sample_rate.
  std::span<const std::span<const float>> compute(std::span<const float> samples);

 private:
  Analysis analysis_;
  std::vector<Output> outputs_;
  std::vector<std::span<const float>> values_;  // one an output
};

}  // namespace chorale::features
