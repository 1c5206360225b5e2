#include "eval/figures/confusion_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "pipeline/figures/style.hpp"

namespace chorale::eval {
namespace {

// Pixels.
constexpr double kCell = 44, kLetter = 8, kTitleLetter = 10, kTop = 62, kLeft = 54, kRight = 96;
constexpr double kTicAngle = 40;  // degrees

double cell_value(const metrics::Confusion& confusion, std::size_t truth, std::size_t predicted,
                  CellValue value) {
  const auto count = static_cast<double>(confusion.at(truth, predicted));
  if (value == CellValue::kCount) return count;
  const auto support = static_cast<double>(confusion.support(truth));
  return support > 0 ? 100.0 * count / support : std::nan("");
}

}  // namespace

figures::Figure confusion_figure(const std::string& name, const std::string& title,
                                 const metrics::Confusion& confusion, const std::vector<std::string>& classes,
                                 CellValue value) {
  const std::size_t n = classes.size();
  std::size_t longest = 0;
  for (const auto& text : classes) longest = std::max(longest, text.size());
  const double names = kLetter * static_cast<double>(longest), side = kCell * static_cast<double>(n);
  const double natural = names + kLeft + side + kRight;
  const double width = std::max(natural, kTitleLetter * static_cast<double>(title.size()) + 40);
  const double left = names + kLeft + (width - natural) / 2;
  const double bottom = names * std::sin(kTicAngle * M_PI / 180) + 46, height = kTop + side + bottom;

  figures::Figure figure{.name = name, .width = static_cast<int>(width), .height = static_cast<int>(height)};
  figure.data = "# column\trow\tvalue\ttrue\tpredicted\n";
  double highest = value == CellValue::kPercent ? 100 : 1;
  for (std::size_t truth = 0; truth < n; ++truth) {
    for (std::size_t predicted = 0; predicted < n; ++predicted) {
      const double number = cell_value(confusion, truth, predicted, value);
      if (number > highest) highest = number;
      figure.data += fmt::format("{}\t{}\t{}\t{}\t{}\n", predicted + 1, truth + 1, number,
                                 figures::one_line(classes[truth]), figures::one_line(classes[predicted]));
    }
  }
  const double x0 = left / width, x1 = (left + side) / width, y0 = bottom / height, y1 = 1 - kTop / height;
  figure.commands = fmt::format(
      "  set label 1 {title} at screen 0.5,{title_y} center font ',16' noenhanced\n"
      "  set label 2 'predicted' at screen {centre},{label_y} center textcolor rgb '#555555'\n"
      "  set label 3 'true' at screen {label_x},{middle} center rotate by 90 textcolor rgb '#555555'\n"
      "  set label 4 '{unit}' at screen {bar_x},{bar_label_y} left font ',12' textcolor rgb '#555555'\n"
      "  set lmargin at screen {x0}\n  set rmargin at screen {x1}\n"
      "  set bmargin at screen {y0}\n  set tmargin at screen {y1}\n"
      "  set xrange [0.5:{n}.5]\n  set yrange [{n}.5:0.5]\n"
      "  set border 0\n  unset key\n"
      "  set xtics ({tics}) rotate by {angle} right nomirror noenhanced scale 0 offset 0,0.2\n"
      "  set ytics ({tics}) nomirror noenhanced scale 0\n"
      "  set palette maxcolors 256 defined {palette}\n"
      "  set cbrange [0:{highest}]\n"
      "  set colorbox user origin screen {bar_x},{y0} size screen {bar_width},{bar_height} noborder\n"
      "  set cbtics ({highest}, 0) scale 0 font ',12'\n"
      "  ink(value) = value > {half} ? 0xffffff : (value == 0 ? 0xa8b2bc : 0x1a1a1a)\n"
      "  plot '{name}.tsv' using 1:2:(0.48):(0.48):3 with boxxyerror fillstyle solid noborder linecolor "
      "palette, \\\n"
      "       '' using 1:2:(strcol(3) eq 'nan' ? '–' : sprintf('%.0f', $3)):(ink($3)) with labels font ',12' "
      "textcolor "
      "rgb variable\n",
      fmt::arg("title", figures::gnuplot_string(title)), fmt::arg("centre", (x0 + x1) / 2),
      fmt::arg("title_y", 1 - 30 / height), fmt::arg("label_y", 20 / height),
      fmt::arg("label_x", (left - names - 42) / width), fmt::arg("middle", (y0 + y1) / 2),
      fmt::arg("unit", value == CellValue::kCount ? "songs" : "%"), fmt::arg("bar_x", x1 + 26 / width),
      fmt::arg("bar_label_y", y0 + 0.5 * (y1 - y0) + 16 / height), fmt::arg("x0", x0), fmt::arg("x1", x1),
      fmt::arg("y0", y0), fmt::arg("y1", y1), fmt::arg("n", n),
      fmt::arg("tics", figures::tic_labels(classes)), fmt::arg("angle", kTicAngle),
      fmt::arg("palette", figures::kPaperPalette), fmt::arg("highest", highest),
      fmt::arg("bar_width", 14 / width), fmt::arg("bar_height", 0.5 * (y1 - y0)),
      fmt::arg("half", highest / 2), fmt::arg("name", name));
  return figure;
}

}  // namespace chorale::eval
