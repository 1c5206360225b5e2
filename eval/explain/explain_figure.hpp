// What of a slice speaks for what the model said of it, beside the slice itself.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "eval/explain/spectrogram_axes.hpp"
#include "pipeline/figures/gnuplot.hpp"

namespace chorale::eval {

struct ExplainedSlice {
  std::string heading;                   // "blues taken for rock, p = 0.71"
  std::string song;                      // id
  double start = 0;                      // seconds from the beginning of the song
  std::vector<float> spectrogram, heat;  // [frames, bins]; heat: shares of its largest value, or 0 everywhere
};

enum class Outline {
  kHalf,  // of what has at least half of the largest heat, drawn onto the spectrogram
  kNone,  // heat is too scattered for lines
};

// Two columns: the most confident slice that was right and the most confident one that was not, where there
// are any; its spectrogram above, the heat below on the same axes. Data: a line of song and start, then a
// block of values, a line a bin from the lowest; spectrogram and heat of each slice. Precondition: one is
// there.
struct ExplainTexts {
  std::string title, note;
  std::string without_right, without_wrong;  // in place of a slice that is not there
};
figures::Figure explain_figure(const std::string& name, const ExplainTexts& texts,
                               const SpectrogramAxes& axes, Outline outline,
                               const std::optional<ExplainedSlice>& right,
                               const std::optional<ExplainedSlice>& wrong);

}  // namespace chorale::eval
