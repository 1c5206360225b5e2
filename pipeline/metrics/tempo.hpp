// Scores of numbers, and of those that are tempos.
#pragma once

#include <optional>
#include <span>

namespace chorale::metrics {

struct TempoScores {
  double mean_absolute_error = 0;
  double accuracy1 = 0;  // within 4 % of the truth
  double accuracy2 = 0;  // within 4 % of 1, 2, 3, 1/2 or 1/3 times the truth
};

// `estimates` and `truth` have one entry an example, such as beats per minute. Tolerance is a part of the
// size of the truth (times the factor), as in mir_eval.tempo.detection. Undefined without examples or where
// an estimate is not a number.
std::optional<TempoScores> score_tempo(std::span<const double> estimates, std::span<const double> truth);

}  // namespace chorale::metrics
