// How many tracks there are of each class, and how long they are.
#pragma once

#include <span>
#include <string>

#include "pipeline/figures/gnuplot.hpp"
#include "pipeline/inspect/classes.hpp"

namespace chorale::inspect {

// A bar a class, in stored order; of more than 40 classes the largest 40. Data columns: row (from 1; 0: not
// drawn), tracks, hours, class.
figures::Figure class_figure(const std::string& name, const std::string& title, const store::Store& store,
                             const std::vector<ClassTracks>& classes);

// A histogram of at most 40 bins of a round width. Data columns: from, to (seconds), tracks. Precondition:
// `seconds` is not empty.
figures::Figure duration_figure(const std::string& name, const std::string& title,
                                std::span<const double> seconds);

}  // namespace chorale::inspect
