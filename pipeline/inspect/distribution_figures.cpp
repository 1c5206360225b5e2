#include "pipeline/inspect/distribution_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>

#include "pipeline/figures/style.hpp"

namespace chorale::inspect {
namespace {

constexpr std::size_t kMostBars = 40;
constexpr double kBar = 26, kLetter = 8, kTop = 48, kBottom = 62, kPlot = 560, kRight = 80;  // pixels

struct Histogram {
  std::int64_t first = 0;  // of the bins, whose edges are multiples of the width
  double width = 1;        // seconds
  std::vector<std::size_t> counts;
};

Histogram histogram_of(std::span<const double> seconds) {
  const auto [low, high] = std::ranges::minmax(seconds);
  Histogram result;
  result.width = figures::round_step(std::max((high - low) / 36.0, 0.1));
  // A value on an edge belongs above it, although 12 / 0.2 is less than 60 in binary.
  const auto bin = [&](double value) {
    return static_cast<std::int64_t>(std::floor(value / result.width + 1e-6));
  };
  result.first = bin(low);
  result.counts.resize(static_cast<std::size_t>(bin(high) - result.first) + 1);
  for (const double value : seconds) ++result.counts[static_cast<std::size_t>(bin(value) - result.first)];
  return result;
}

}  // namespace

figures::Figure class_figure(const std::string& name, const std::string& title, const store::Store& store,
                             const std::vector<ClassTracks>& classes) {
  std::set<std::string> drawn;
  std::vector<std::string> names;
  std::size_t longest = 0, highest = 1;
  for (const ClassTracks& each : classes.size() > kMostBars ? largest(classes, kMostBars) : classes) {
    drawn.insert(each.name);
    names.push_back(each.name);
    longest = std::max(longest, each.name.size());
    highest = std::max(highest, each.tracks.size());
  }
  const double left = 24 + kLetter * static_cast<double>(longest),
               side = kBar * static_cast<double>(names.size());
  const double width = left + kPlot + kRight, height = kTop + side + kBottom;
  figures::Figure figure{.name = name, .width = static_cast<int>(width), .height = static_cast<int>(height)};
  figure.data = "# row\ttracks\thours\tclass\n";
  std::size_t row = 0;
  for (const ClassTracks& each : classes) {
    double seconds = 0;
    for (const std::size_t track : each.tracks) seconds += store.tracks()[track].duration;
    figure.data += fmt::format("{}\t{}\t{:.4f}\t{}\n", drawn.contains(each.name) ? ++row : 0,
                               each.tracks.size(), seconds / 3600.0, figures::one_line(each.name));
  }
  figure.commands = fmt::format(
      "{axes}"
      "  set border 1\n"
      "  set title {title} noenhanced font ',16' offset 0,0.4\n"
      "  set lmargin at screen {x0}\n  set rmargin at screen {x1}\n"
      "  set bmargin at screen {y0}\n  set tmargin at screen {y1}\n"
      "  set xrange [0:{highest}]\n  set yrange [{n}.6:0.4]\n"
      "  set ytics ({tics}) noenhanced scale 0\n"
      "  set xtics rangelimited\n"
      "  set grid xtics linetype 1 linewidth 0.5 linecolor rgb '#e0e0e0'\n"
      "  set xlabel 'tracks' offset 0,0.3\n"
      "  unset key\n"
      "  plot '{name}.tsv' using ($1 > 0 ? 0 : NaN):1:(0):2:($1-0.36):($1+0.36) with boxxyerror fillstyle "
      "solid "
      "noborder linecolor rgb '{colour}', \\\n"
      "       '' using ($1 > 0 ? $2 : NaN):1:2 with labels left offset 0.5,0 font ',12' textcolor rgb "
      "'#555555'\n",
      fmt::arg("axes", figures::kAxes), fmt::arg("title", figures::gnuplot_string(title)),
      fmt::arg("x0", left / width), fmt::arg("x1", (left + kPlot) / width), fmt::arg("y0", kBottom / height),
      fmt::arg("y1", 1 - kTop / height), fmt::arg("highest", highest), fmt::arg("n", names.size()),
      fmt::arg("tics", figures::tic_labels(names)), fmt::arg("name", name),
      fmt::arg("colour", figures::kBarColour));
  return figure;
}

figures::Figure duration_figure(const std::string& name, const std::string& title,
                                std::span<const double> seconds) {
  const Histogram histogram = histogram_of(seconds);
  figures::Figure figure{.name = name, .width = 760, .height = 400};
  figure.data = "# from\tto\ttracks\n";
  std::size_t highest = 0, lowest = seconds.size();
  for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
    const double bin = static_cast<double>(histogram.first) + static_cast<double>(i);
    figure.data += fmt::format("{:.6g}\t{:.6g}\t{}\n", bin * histogram.width, (bin + 1) * histogram.width,
                               histogram.counts[i]);
    highest = std::max(highest, histogram.counts[i]);
    if (histogram.counts[i] > 0) lowest = std::min(lowest, histogram.counts[i]);
  }
  // A few odd ones among thousands would not show on an even scale.
  const bool logarithmic = highest > 100 * lowest;
  const double margin = 0.5 * histogram.width;
  const double first = static_cast<double>(histogram.first) * histogram.width;
  const double last = first + histogram.width * static_cast<double>(histogram.counts.size());
  figure.commands = fmt::format(
      "{axes}"
      "  set title {title} noenhanced font ',16' offset 0,0.4\n"
      "  set xrange [{first}:{last}]\n"
      "{scale}"
      "  set grid ytics linetype 1 linewidth 0.5 linecolor rgb '#e0e0e0'\n"
      "  set xlabel 'duration (s)' offset 0,0.3\n"
      "  set ylabel 'tracks' offset 1,0\n"
      "  unset key\n"
      "  plot '{name}.tsv' using ($3 > 0 ? $1 : NaN):3:1:2:({base}):3 with boxxyerror fillstyle solid border "
      "rgb "
      "'white' linecolor rgb '{colour}'\n",
      fmt::arg("axes", figures::kAxes), fmt::arg("title", figures::gnuplot_string(title)),
      fmt::arg("first", first - margin), fmt::arg("last", last + margin),
      fmt::arg("scale", logarithmic ? "  set logscale y\n  set yrange [0.5:*]\n" : "  set yrange [0:*]\n"),
      fmt::arg("name", name), fmt::arg("base", logarithmic ? 0.5 : 0),
      fmt::arg("colour", figures::kBarColour));
  return figure;
}

}  // namespace chorale::inspect
