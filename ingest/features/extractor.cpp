#include "ingest/features/extractor.hpp"

#include "pipeline/runtime/error.hpp"

namespace chorale::features {
namespace {

StftOptions stft_options(const config::Experiment& experiment) {
  return {.n_fft = static_cast<std::size_t>(experiment.features.n_fft),
          .hop_length = static_cast<std::size_t>(experiment.features.hop_length)};
}

MelOptions mel_options(const config::Experiment& experiment) {
  const config::Mel& mel = experiment.features.mel;
  return {.sample_rate = static_cast<double>(experiment.audio.sample_rate),
          .n_mels = static_cast<std::size_t>(mel.n_mels),
          .fmin = mel.fmin,
          .fmax = mel.fmax};
}

}  // namespace

std::vector<store::Feature> describe_features(const config::Experiment& experiment) {
  std::vector<store::Feature> features;
  for (const std::string& name : experiment.features.store) {
    if (name != "mel") throw runtime::UsageError("features.store: " + name + " cannot be computed yet");
    features.push_back({.name = name,
                        .kind = store::FeatureKind::kFrames,
                        .width = static_cast<std::size_t>(experiment.features.mel.n_mels),
                        .scale = store::FeatureScale::kDecibel,
                        .type = experiment.store.dtype});
  }
  return features;
}

Extractor::Extractor(const config::Experiment& experiment)
    : mel_(stft_options(experiment), mel_options(experiment)), values_(experiment.features.store.size()) {}

std::span<const std::span<const float>> Extractor::compute(std::span<const float> samples) {
  values_.front() = mel_.compute(samples);
  return values_;
}

}  // namespace chorale::features
