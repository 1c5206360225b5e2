#include "eval/figures/importance_figure.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/figures/style.hpp"

namespace chorale::eval {
namespace {

constexpr double kBar = 26, kLetter = 8, kTop = 48, kBottom = 62, kPlot = 520, kRight = 80;  // pixels

}  // namespace

figures::Figure importance_figure(const std::string& name, const std::string& title,
                                  const baselines::Importance& importance) {
  const bool gain = importance.measure == baselines::Importance::Measure::kGain;
  const std::size_t bars = std::min(kMostBars, importance.columns.size());
  double sum = 0;
  for (const auto& column : importance.columns) sum += column.value;
  const double factor = !gain ? 1 : sum > 0 ? 100 / sum : 0;
  std::vector<std::string> names;
  std::size_t longest = 0;
  std::string data = gain ? "# row\tpercent_of_gain\tcolumn\n" : "# row\tweight\tcolumn\n";
  for (std::size_t row = 0; row < bars; ++row) {
    const auto& column = importance.columns[row];
    names.push_back(column.column);
    longest = std::max(longest, column.column.size());
    data += fmt::format("{}\t{:.6g}\t{}\n", row + 1, column.value * factor, figures::one_line(column.column));
  }
  const double left = 24 + kLetter * static_cast<double>(longest);
  const double width = left + kPlot + kRight, height = kTop + kBar * static_cast<double>(bars) + kBottom;
  figures::Figure figure{.name = name, .width = static_cast<int>(width), .height = static_cast<int>(height)};
  figure.data = std::move(data);
  figure.commands = fmt::format(
      "{axes}"
      "  set border 1\n"
      "  set title {title} noenhanced font ',16' offset 0,0.4\n"
      "  set lmargin at screen {x0}\n  set rmargin at screen {x1}\n"
      "  set bmargin at screen {y0}\n  set tmargin at screen {y1}\n"
      "  set xrange [0:*]\n  set yrange [{n}.6:0.4]\n"
      "  set ytics ({tics}) noenhanced scale 0\n"
      "  set grid xtics linetype 1 linewidth 0.5 linecolor rgb '#e0e0e0'\n"
      "  set xlabel '{label}' offset 0,0.3\n"
      "  unset key\n"
      "  plot '{name}.tsv' using 2:1:(0):2:($1-0.36):($1+0.36) with boxxyerror fillstyle solid noborder "
      "linecolor rgb '{colour}', \\\n"
      "       '' using 2:1:(sprintf('{format}', $2)) with labels left offset 0.5,0 font ',12' textcolor rgb "
      "'#555555'\n",
      fmt::arg("axes", figures::kAxes), fmt::arg("title", figures::gnuplot_string(title)),
      fmt::arg("x0", left / width), fmt::arg("x1", (left + kPlot) / width), fmt::arg("y0", kBottom / height),
      fmt::arg("y1", 1 - kTop / height), fmt::arg("n", bars), fmt::arg("tics", figures::tic_labels(names)),
      fmt::arg("label", gain ? "per cent of the gain of all splits" : "mean absolute weight of a class"),
      fmt::arg("name", name), fmt::arg("format", gain ? "%.1f" : "%.3f"),
      fmt::arg("colour", figures::kBarColour));
  return figure;
}

}  // namespace chorale::eval
