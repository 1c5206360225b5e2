#include "pipeline/figures/style.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "pipeline/figures/gnuplot.hpp"

namespace chorale::figures {

const char* const kPaperPalette =
    "(0 '#f7fbff', 1 '#c8e4ea', 2 '#98ccd7', 3 '#74b1c9', 4 '#4f95bb', 5 '#2c7aaa', 6 '#205e8f', 7 "
    "'#144475', "
    "8 '#002c5b')";
const char* const kNightPalette =
    "(0 '#0c0529', 1 '#052052', 2 '#014261', 3 '#006373', 4 '#068681', 5 '#2eaa81', 6 '#89c383', 7 "
    "'#cbd99b', "
    "8 '#fcf2cc')";
const char* const kBarColour = "#0072b2";
const char* const kAxes =
    "  set border 3 linecolor rgb '#666666'\n"
    "  set tics nomirror scale 0.5 textcolor rgb '#333333'\n";

std::string tic_labels(const std::vector<std::string>& names) {
  std::string result;
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::string label;
    for (const char letter : names[i]) label += letter == '%' ? std::string("%%") : std::string(1, letter);
    result += fmt::format("{}{} {}", i > 0 ? ", " : "", gnuplot_string(label), i + 1);
  }
  return result;
}

double round_step(double least) {
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least * (1 - 1e-9)) return factor * power;
  }
  return 10.0 * power;
}

std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20; }, ' ');
  return text;
}

}  // namespace chorale::figures
