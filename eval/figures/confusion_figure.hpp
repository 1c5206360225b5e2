// A confusion matrix as a figure: a square a cell, its number in it, darker for more.
#pragma once

#include <string>
#include <vector>

#include "pipeline/figures/gnuplot.hpp"
#include "pipeline/metrics/confusion.hpp"

namespace chorale::eval {

enum class CellValue {
  kCount,    // songs
  kPercent,  // of the songs of the true class (row-normalised); a class without songs has an empty row
};

// Data columns: column, row (from 1), value, true class, predicted class.
figures::Figure confusion_figure(const std::string& name, const std::string& title,
                                 const metrics::Confusion& confusion, const std::vector<std::string>& classes,
                                 CellValue value);

}  // namespace chorale::eval
