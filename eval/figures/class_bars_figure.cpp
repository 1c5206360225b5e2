#include "eval/figures/class_bars_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "pipeline/figures/style.hpp"

namespace chorale::eval {
namespace {

// Pixels.
constexpr double kLetter = 8, kTop = 88, kBottom = 62, kPlot = 520, kRight = 76;
constexpr double kRow = 38, kThinRow = 24;
constexpr std::size_t kMany = 40;  // classes, from which on rows are thin

struct Bar {
  const char* title;
  const char* colour;  // of Okabe and Ito's palette
};
constexpr std::array<Bar, 3> kBars = {{{"precision", "#56b4e9"}, {"recall", "#e69f00"}, {"F1", "#0072b2"}}};
constexpr double kBarHeight = 0.25;  // of a row

std::string bars_command(const std::string& file, std::size_t bar) {
  const double above = kBarHeight * (1.5 - static_cast<double>(bar)), below = above - kBarHeight;
  return fmt::format(
      "'{}.tsv' using (0):1:(0):{}:($1-{:.3f}):($1-{:.3f}) with boxxyerror fillstyle solid noborder "
      "linecolor "
      "rgb '{}' title '{}'",
      file, bar + 2, above, below, kBars[bar].colour, kBars[bar].title);
}

std::vector<std::string> names_with_songs(const std::vector<std::string>& classes,
                                          const std::vector<metrics::ClassScore>& scores) {
  std::vector<std::string> names;
  for (std::size_t c = 0; c < classes.size(); ++c)
    names.push_back(fmt::format("{} ({})", figures::one_line(classes[c]), scores[c].support));
  return names;
}

std::string data_of(const std::vector<std::string>& classes, const std::vector<metrics::ClassScore>& scores) {
  std::string data = "# row\tprecision\trecall\tf1\tsongs\tclass\n";
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const metrics::ClassScore& one = scores[c];
    data += one.support > 0 ? fmt::format("{}\t{}\t{}\t{}\t", c + 1, one.precision, one.recall, one.f1)
                            : fmt::format("{}\tnan\tnan\tnan\t", c + 1);
    data += fmt::format("{}\t{}\n", one.support, figures::one_line(classes[c]));
  }
  return data;
}

}  // namespace

figures::Figure class_bars_figure(const std::string& name, const std::string& title,
                                  const std::vector<std::string>& classes,
                                  const std::vector<metrics::ClassScore>& scores) {
  const std::vector<std::string> names = names_with_songs(classes, scores);
  std::size_t longest = 0;
  for (const auto& text : names) longest = std::max(longest, text.size());
  const bool many = classes.size() > kMany;
  const double left = 24 + kLetter * static_cast<double>(longest);
  const double side = (many ? kThinRow : kRow) * static_cast<double>(classes.size());
  const double width = left + kPlot + kRight, height = kTop + side + kBottom;
  figures::Figure figure{.name = name, .width = static_cast<int>(width), .height = static_cast<int>(height)};
  figure.data = data_of(classes, scores);
  figure.commands = fmt::format(
      "{axes}"
      "  set border 1\n"
      "  set label 1 {title} at screen 0.5,{title_y} center font ',16' noenhanced\n"
      "  set lmargin at screen {x0}\n  set rmargin at screen {x1}\n"
      "  set bmargin at screen {y0}\n  set tmargin at screen {y1}\n"
      "  set xrange [0:1]\n  set yrange [{n}.6:0.4]\n"
      "  set ytics ({tics}) noenhanced scale 0\n"
      "  set xtics 0.2 format '%.1f'\n{upper_axis}"
      "  set grid xtics linetype 1 linewidth 0.5 linecolor rgb '#e0e0e0'\n"
      "  set key at screen {x1},{key_y} right center horizontal samplen 1.5 width -2\n"
      "  set label 2 'score of songs (their number behind the class)' at screen {centre},{foot_y} center\n"
      "  plot {bars}, \\\n"
      "       '' using (1):1:($5 > 0 ? sprintf('%.2f', $4) : '–') with labels left offset 1.2,0 font ',12' "
      "textcolor rgb '{f1}' notitle, \\\n"
      "       '' using (0):1:($5 > 0 ? '' : 'no songs') with labels left offset 0.5,0 font ',12' textcolor "
      "rgb '#888888' notitle\n",
      fmt::arg("axes", figures::kAxes), fmt::arg("title", figures::gnuplot_string(title)),
      fmt::arg("title_y", 1 - 26 / height), fmt::arg("x0", left / width),
      fmt::arg("x1", (left + kPlot) / width), fmt::arg("y0", kBottom / height),
      fmt::arg("y1", 1 - kTop / height), fmt::arg("n", classes.size()),
      fmt::arg("tics", figures::tic_labels(names)),
      fmt::arg("upper_axis", many ? "  set link x2\n  set x2tics 0.2 format '%.1f' scale 0.5\n" : ""),
      fmt::arg("key_y", 1 - 54 / height), fmt::arg("f1", kBars[2].colour),
      fmt::arg("centre", (left + kPlot / 2) / width), fmt::arg("foot_y", 18 / height),
      fmt::arg("bars", fmt::format("{}, \\\n       {}, \\\n       {}", bars_command(name, 0),
                                   bars_command(name, 1), bars_command(name, 2))));
  return figure;
}

}  // namespace chorale::eval
