// Spectrograms to look at: a few tracks of each class side by side.
#pragma once

#include <optional>
#include <string>

#include "pipeline/figures/gnuplot.hpp"
#include "pipeline/inspect/classes.hpp"

namespace chorale::inspect {

// A row a class (the 12 largest at most), four tracks of different groups each, the first 10 s of mel in dB
// below the track's maximum. Nothing when the store has no mel or no class has a track. The data file holds a
// block a track: a line of its class and id, then a line a band from the lowest, a value (dB) a column of
// time.
std::optional<figures::Figure> gallery_figure(const std::string& name, const std::string& title,
                                              const store::Store& store,
                                              const std::vector<ClassTracks>& classes);

}  // namespace chorale::inspect
