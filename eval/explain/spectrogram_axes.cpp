#include "eval/explain/spectrogram_axes.hpp"

#include <fmt/format.h>

namespace chorale::eval {
namespace {

constexpr double kDeviations = 3;  // of normalised values, to either side

}  // namespace

std::string SpectrogramAxes::row_tics(const figures::ImageSize& size) const {
  return mel ? figures::mel_tics(size, mel->fmin, mel->fmax) : figures::bin_tics(size);
}

SpectrogramAxes axes_of(const config::Experiment& experiment, const samples::Input& input,
                        const samples::Normaliser& normaliser) {
  const double rate = static_cast<double>(experiment.audio.sample_rate);
  SpectrogramAxes axes{.bins = input.bins(),
                       .frame_seconds = static_cast<double>(experiment.features.hop_length) / rate};
  if (experiment.train.input == "mel") {
    const auto& mel = experiment.features.mel;
    axes.mel = {mel.fmin, mel.fmax > 0 ? mel.fmax : rate / 2};
  }
  if (input.scale() == store::FeatureScale::kDecibel) {
    axes.unit = "dB";
    axes.low = -normaliser.top_db;
    return axes;
  }
  switch (normaliser.kind) {
    case config::Normalisation::kBinZScore:
      axes.unit = "std. dev.";
      axes.low = -kDeviations;
      axes.high = kDeviations;
      break;
    case config::Normalisation::kTrackMinMax:
      axes.unit = "of track";
      axes.high = 1;
      break;
    case config::Normalisation::kNone:
      axes.unit = "value";
      break;
  }
  return axes;
}

samples::Normaliser drawn(const samples::Normaliser& normaliser) {
  if (normaliser.scale_of_values != store::FeatureScale::kDecibel) return normaliser;
  samples::Normaliser level_only;
  level_only.top_db = normaliser.top_db;
  level_only.kind = config::Normalisation::kNone;
  return level_only;
}

std::string axes_commands(const SpectrogramAxes& axes) {
  const std::string range = axes.low < axes.high ? fmt::format("[{}:{}]", axes.low, axes.high) : "[*:*]";
  return fmt::format(
      "  set cbrange {}\n"
      "  set border 15 linewidth 0.5 linecolor rgb '#bbbbbb'\n"
      "  set tics {}\n  set cbtics scale 0 font ',12'\n  unset key\n",
      range, figures::kPanelTics);
}

}  // namespace chorale::eval
