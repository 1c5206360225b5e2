// Mel spectrograms as ingest computes them where nothing else is asked for.
#pragma once

#include <span>

#include "ingest/features/analysis.hpp"

namespace chorale::testing_support {

class MelSpectrogram {
 public:
  MelSpectrogram(const features::StftOptions& stft, const features::MelOptions& mel)
      : analysis_({.sample_rate = mel.sample_rate,
                   .stft = stft,
                   .mel = mel,
                   .spectrum = features::Spectrum::kStreamed}),
        n_mels_(mel.n_mels) {}

  std::size_t n_mels() const { return n_mels_; }
  // [frames, n_mels] in dB, valid until the next call.
  std::span<const float> compute(std::span<const float> samples) {
    analysis_.begin_track(samples);
    return analysis_.mel().values();
  }

 private:
  features::Analysis analysis_;
  std::size_t n_mels_;
};

}  // namespace chorale::testing_support
