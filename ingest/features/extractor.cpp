#include "ingest/features/extractor.hpp"

#include <algorithm>

namespace chorale::features {
namespace {

AnalysisOptions analysis_options(const config::Experiment& experiment) {
  const auto& [n_fft, hop_length] = std::pair(experiment.features.n_fft, experiment.features.hop_length);
  const auto& names = experiment.features.store;
  const bool mel_alone = std::all_of(names.begin(), names.end(),
                                     [](const std::string& name) { return name == "mel" || name == "mfcc"; });
  const auto rate = static_cast<double>(experiment.audio.sample_rate);
  const config::Mel& mel = experiment.features.mel;
  return {
      .sample_rate = rate,
      .stft = {.n_fft = static_cast<std::size_t>(n_fft), .hop_length = static_cast<std::size_t>(hop_length)},
      .mel = {.sample_rate = rate,
              .n_mels = static_cast<std::size_t>(mel.n_mels),
              .fmin = mel.fmin,
              .fmax = mel.fmax},
      .spectrum = mel_alone ? Spectrum::kStreamed : Spectrum::kKept};
}

}  // namespace

Extractor::Extractor(const config::Experiment& experiment) : analysis_(analysis_options(experiment)) {
  for (const std::string& name : experiment.features.store) {
    outputs_.push_back(make_output(name, experiment));
  }
  const std::vector<float> silence(static_cast<std::size_t>(experiment.features.n_fft));
  compute(silence);
}

std::vector<store::Feature> Extractor::features() const {
  std::vector<store::Feature> features;
  for (const Output& output : outputs_) features.push_back(output.feature);
  return features;
}

std::span<const std::span<const float>> Extractor::compute(std::span<const float> samples) {
  analysis_.begin_track(samples);
  values_.clear();
  for (const Output& output : outputs_) values_.push_back(output.compute(analysis_));
  return values_;
}

}  // namespace chorale::features
