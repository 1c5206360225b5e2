// The look that figures share.
#pragma once

#include <array>
#include <string>
#include <vector>

namespace chorale::figures {

// Colour maps for `set palette defined`, in even steps of lightness in OKLab
// (bottosson.github.io/posts/oklab), so that equal differences look equal, on paper and in grey too.
extern const char* const kPaperPalette;  // near white over teal to navy: zero is paper
extern const char* const kNightPalette;  // navy over green to near white: silence is dark

// Blue of Okabe and Ito's palette, for what needs no other colour beside it.
extern const char* const kBarColour;

// Of groups beside each other. Okabe and Ito's palette, but for its yellow, which is too light for a line.
inline constexpr std::array kGroupColours = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                             "#e69f00", "#56b4e9", "#000000", "#999999"};

// Grey axes on the left and at the bottom, with small tics.
extern const char* const kAxes;

// Tics for categories: the names at 1, 2, ... (A label is a format of gnuplot's: a per cent sign is doubled.)
std::string tic_labels(const std::vector<std::string>& names);

// 1, 2 or 5 times a power of ten, at least `least`: a step of tics, a width of bins. Precondition: least > 0.
double round_step(double least);

// Without tabs and line ends, for a cell of a data file.
std::string one_line(std::string text);

}  // namespace chorale::figures
