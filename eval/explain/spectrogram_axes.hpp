// What the spectrograms of a run's figures have in common.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "pipeline/config/experiment.hpp"
#include "pipeline/figures/spectrogram.hpp"
#include "pipeline/samples/normaliser.hpp"

namespace chorale::eval {

struct SpectrogramAxes {
  struct MelRange {
    double fmin, fmax;  // Hz
  };

  std::size_t bins = 0;
  double frame_seconds = 0;
  std::optional<MelRange> mel = {};  // none: bins have numbers
  std::string unit = {};             // of the values: "dB"
  double low = 0, high = 0;          // the ends of the colours; equal: those of what is drawn

  std::string row_unit() const { return mel ? "Hz" : "bin"; }
  std::string row_tics(const figures::ImageSize& size) const;
};

// Decibels are drawn below the maximum of their track, down to train.top_db; other representations as the
// network sees them, normalised.
SpectrogramAxes axes_of(const config::Experiment& experiment, const samples::Input& input,
                        const samples::Normaliser& normaliser);

// What values are drawn are read with.
samples::Normaliser drawn(const samples::Normaliser& normaliser);

// Palette, colours and tics of all panels of a page.
std::string axes_commands(const SpectrogramAxes& axes);

}  // namespace chorale::eval
