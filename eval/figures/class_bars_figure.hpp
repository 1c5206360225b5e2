#pragma once

#include <string>
#include <vector>

#include "pipeline/figures/gnuplot.hpp"
#include "pipeline/metrics/confusion.hpp"

namespace chorale::eval {

// Precision, recall and F1 of every class as bars below each other, its number of songs behind its name; a
// class without songs has none, and says so. The page grows with the classes. Data columns: row (from 1),
// precision, recall, f1, songs, class; "nan" for what is undefined. Precondition: a score for each class, at
// least one.
figures::Figure class_bars_figure(const std::string& name, const std::string& title,
                                  const std::vector<std::string>& classes,
                                  const std::vector<metrics::ClassScore>& scores);

}  // namespace chorale::eval
