// ROC and precision-recall curves, a line a class.
#pragma once

#include <string>
#include <vector>

#include "pipeline/figures/gnuplot.hpp"
#include "pipeline/metrics/multi_label.hpp"

namespace chorale::eval {

enum class Curve { kRoc, kPrecisionRecall };

// Of the classes that examples both have and lack, each with its area (AUC or average precision) in the
// legend; with more than kMostNamed of them, grey lines without one. No commands and no data when there is no
// such class. Of a long curve, about kMostPoints points are kept.
constexpr std::size_t kMostNamed = 16, kMostPoints = 400;
figures::Figure curve_figure(const std::string& name, const std::string& title,
                             const metrics::MultiLabel& examples, const std::vector<std::string>& classes,
                             Curve curve);

}  // namespace chorale::eval
