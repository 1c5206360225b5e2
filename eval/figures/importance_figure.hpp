#pragma once

#include <string>

#include "pipeline/baselines/importance.hpp"
#include "pipeline/figures/gnuplot.hpp"

namespace chorale::eval {

// A bar for each of the kMostBars most important columns, the first on top: per cent of the gain of all
// splits, or the mean absolute weight.
constexpr std::size_t kMostBars = 20;
figures::Figure importance_figure(const std::string& name, const std::string& title,
                                  const baselines::Importance& importance);

}  // namespace chorale::eval
