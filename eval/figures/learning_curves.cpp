#include "eval/figures/learning_curves.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chorale::eval {
namespace {

// Blue and vermilion of Okabe and Ito's palette: told apart with any colour vision, and in grey by their
// lightness.
constexpr const char* kTraining = "#0072b2";
constexpr const char* kValidation = "#d55e00";

std::string panel(const std::string& name, const std::string& label, const std::string& range, int column) {
  const auto curve = [&](int at, const char* colour, const char* title) {
    return fmt::format(
        "using 1:{} with linespoints pointtype 7 pointsize marks linewidth 2 linecolor rgb '{}' title '{}'",
        at, colour, title);
  };
  return fmt::format(
      "  set ylabel '{}' offset 1.5,0\n  set yrange {}\n  plot '{}.tsv' {}, \\\n       '' {}\n", label, range,
      name, curve(column, kTraining, "training"), curve(column + 1, kValidation, "validation"));
}

std::string data_of(const std::vector<Epoch>& history, bool accuracies) {
  std::string data = "# epoch\ttrain_loss\tvalidation_loss";
  data += accuracies ? "\ttrain_accuracy\tvalidation_accuracy\n" : "\n";
  for (const Epoch& row : history) {
    data += fmt::format("{}\t{}\t{}", row.epoch, row.train_loss, row.validation_loss);
    if (accuracies) data += fmt::format("\t{}\t{}", *row.train_accuracy, *row.validation_accuracy);
    data += "\n";
  }
  return data;
}

}  // namespace

figures::Figure learning_curves(const std::string& name, const std::string& title,
                                const std::vector<Epoch>& history, std::int64_t best) {
  const bool accuracies = history.front().train_accuracy.has_value();
  figures::Figure figure{.name = name, .width = accuracies ? 1000 : 560, .height = 420};
  figure.data = data_of(history, accuracies);
  const std::int64_t first = history.front().epoch, last = std::max(history.back().epoch, first + 1);
  const char* side = 2 * best > first + last ? "right offset -0.6,0" : "left offset 0.6,0";
  const std::string label = fmt::format(
      "  set label 1 'best: {0}' at {0}, graph 0.06 {1} font ',12' textcolor rgb '#555555'\n", best, side);
  figure.commands = fmt::format(
      "  marks = {marks}\n"
      "  set multiplot layout 1,{panels} title {title} noenhanced font ',16' margins {left},0.98,0.14,0.8 "
      "spacing 0.08,0\n"
      "  set border 3 linecolor rgb '#666666'\n"
      "  set tics nomirror scale 0.5 textcolor rgb '#333333'\n"
      "  set grid ytics linetype 1 linewidth 0.5 linecolor rgb '#e0e0e0'\n"
      "  set xlabel 'epoch' offset 0,0.3\n"
      "  set xrange [{first}:{last}]\n"
      "{tics}"
      "  set arrow 1 from {best}, graph 0 to {best}, graph 1 nohead linewidth 1.5 dashtype 2 linecolor rgb "
      "'#777777'\n"
      "  set label 1 'best: {best}' at {best}, graph 0.97 {side} font ',12' textcolor rgb '#555555'\n"
      "  set key at graph 1,1.13 right top horizontal samplen 2\n"
      "{loss}"
      "{accuracy}"
      "  unset multiplot\n",
      fmt::arg("marks", history.size() <= 40 ? 0.5 : 0.0), fmt::arg("title", figures::gnuplot_string(title)),
      fmt::arg("first", first), fmt::arg("tics", last - first <= 10 ? "  set xtics 1\n" : ""),
      fmt::arg("last", last), fmt::arg("best", best), fmt::arg("side", side),
      fmt::arg("loss", panel(name, "loss", "[0:*]", 2)), fmt::arg("panels", accuracies ? 2 : 1),
      fmt::arg("left", accuracies ? 0.08 : 0.14),
      fmt::arg("accuracy", accuracies ? label + panel(name, "accuracy", "[0:1]", 4) : ""));
  return figure;
}

}  // namespace chorale::eval
