// How the numbers of a feature are distributed over the tracks of each class.
#pragma once

#include <string>

#include "pipeline/figures/gnuplot.hpp"
#include "pipeline/inspect/classes.hpp"

namespace chorale::inspect {

// Of a feature with a vector a track its columns, of a representation the mean of each bin over the track;
// without classes over all tracks. Of many tracks 4,000, evenly spread. The 12 columns that differ most
// between classes (by the ratio of the variance between classes to that within, the F of an analysis of
// variance) are drawn as boxes of quartiles with lines from the 5th to the 95th percentile, for the 12
// largest classes. Data
// columns: panel (0: not drawn), row (of the class, from 1), p5, p25, median, p75, p95,
// F, column, class; percentiles as numpy's default.
// Precondition: the feature's columns have names, and there are tracks.
figures::Figure feature_figure(const std::string& name, const store::Store& store, std::size_t feature,
                               const std::vector<ClassTracks>& classes);

}  // namespace chorale::inspect
