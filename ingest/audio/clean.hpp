// What is done to the samples of a recording before anything is computed: trim, then noise reduction.
#pragma once

#include <optional>
#include <span>

#include "ingest/audio/denoise.hpp"
#include "ingest/audio/trim.hpp"

namespace chorale::audio {

struct CleanOptions {
  std::optional<TrimOptions> trim;
  std::optional<DenoiseOptions> denoise;
};

class Cleaner {
 public:
  // Throws UsageError: a sample rate that noise reduction cannot work at.
  Cleaner(double sample_rate, const CleanOptions& options) : trim_(options.trim) {
    if (options.denoise) denoiser_.emplace(sample_rate, *options.denoise);
  }

  // `samples` themselves, or a part of them, or samples valid until the next call. Throws EffectError: no
  // samples, all trimmed away, too short for noise reduction.
  std::span<const float> clean(std::span<const float> samples) {
    if (trim_) samples = trim(samples, *trim_);
    return denoiser_ ? denoiser_->denoise(samples) : samples;
  }

 private:
  std::optional<TrimOptions> trim_;
  std::optional<Denoiser> denoiser_;
};

}  // namespace chorale::audio
