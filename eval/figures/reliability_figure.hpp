#pragma once

#include <string>

#include "eval/metrics/calibration.hpp"
#include "pipeline/figures/gnuplot.hpp"

namespace chorale::eval {

// Accuracy by confidence, a bar a bin, beside the diagonal on which both are equal; below it, how many songs
// a bin has.
figures::Figure reliability_figure(const std::string& name, const std::string& title,
                                   const Calibration& calibration);

}  // namespace chorale::eval
