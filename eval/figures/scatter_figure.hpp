// Points in a plane, a colour a group of them.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "pipeline/figures/gnuplot.hpp"

namespace chorale::eval {

struct ScatterPoint {
  std::array<double, 2> at = {};
  std::string name;  // in the data alone
  std::string group;
};

struct Scatter {
  std::string name, title;
  std::array<std::string, 2> axes = {};  // empty: axes without numbers, in equal units
  std::size_t most_named = 0;            // groups with a colour, the largest; the others are grey
};

// Data: a block a colour, with columns x, y, name, group. Colours are told apart with any colour vision;
// beyond eight they come again with another mark.
figures::Figure scatter_figure(const Scatter& scatter, const std::vector<ScatterPoint>& points);

}  // namespace chorale::eval
