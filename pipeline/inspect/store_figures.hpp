// What `chorale inspect STORE --figures DIR` draws.
#pragma once

#include <vector>

#include "pipeline/figures/gnuplot.hpp"
#include "pipeline/store/store.hpp"

namespace chorale::inspect {

// classes_<task> for each task with classes, durations, gallery (classes of the first such task), and
// distribution_<feature> for each feature whose columns have names.
std::vector<figures::Figure> store_figures(const store::Store& store);

}  // namespace chorale::inspect
