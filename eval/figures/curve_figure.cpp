#include "eval/figures/curve_figure.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "pipeline/figures/style.hpp"

namespace chorale::eval {
namespace {

using Points = std::vector<std::pair<double, double>>;

Points points_of(const metrics::Column& column, Curve curve) {
  const auto decisions = metrics::operating_points(column);
  const auto examples = static_cast<double>(column.truth.size());
  Points points;
  if (curve == Curve::kRoc) points.emplace_back(0, 0);
  for (const metrics::Decisions& one : decisions) {
    const auto false_yes = static_cast<double>(one.yes - one.hits);
    points.emplace_back(
        curve == Curve::kRoc ? false_yes / (examples - static_cast<double>(one.positives)) : one.recall(),
        curve == Curve::kRoc ? one.recall() : one.precision());
  }
  return points;
}

// Every n-th point, and the last.
Points thinned(const Points& points) {
  const std::size_t step = (points.size() + kMostPoints - 1) / kMostPoints;
  Points kept;
  for (std::size_t i = 0; i < points.size(); i += std::max<std::size_t>(step, 1)) kept.push_back(points[i]);
  if (!points.empty() && kept.back() != points.back()) kept.push_back(points.back());
  return kept;
}

std::string line(const std::string& name, std::size_t index, const std::string& title, bool named) {
  const std::string style =
      named ? fmt::format("linewidth 2 linecolor rgb '{}' dashtype {} title {} noenhanced",
                          figures::kGroupColours[index % figures::kGroupColours.size()],
                          1 + index / figures::kGroupColours.size(), figures::gnuplot_string(title))
            : "linewidth 1 linecolor rgb '#999999' notitle";
  return fmt::format("'{}.tsv' index {} using 1:2 with lines {}", name, index, style);
}

}  // namespace

figures::Figure curve_figure(const std::string& name, const std::string& title,
                             const metrics::MultiLabel& examples, const std::vector<std::string>& classes,
                             Curve curve) {
  const bool roc = curve == Curve::kRoc;
  std::vector<std::string> titles;
  figures::Figure figure{.name = name, .width = 760, .height = 520};
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const metrics::Column column(examples, c);
    const metrics::Areas areas = metrics::areas(column);
    const auto area = roc ? areas.roc_auc : areas.average_precision;
    if (!area) continue;
    figure.data += fmt::format("{}# {}: {}\n", titles.empty() ? "" : "\n\n", figures::one_line(classes[c]),
                               roc ? "false positive rate, true positive rate" : "recall, precision");
    for (const auto& [x, y] : thinned(points_of(column, curve))) figure.data += fmt::format("{}\t{}\n", x, y);
    titles.push_back(fmt::format("{} {:.3f}", figures::one_line(classes[c]), *area));
  }
  if (titles.empty()) return figure;
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < titles.size(); ++i)
    lines.push_back(line(name, i, titles[i], titles.size() <= kMostNamed));
  figure.commands = fmt::format(
      "{axes}"
      "  set title {title} noenhanced font ',16' offset 0,0.4\n"
      "  set xrange [0:1]\n  set yrange [0:1]\n"
      "  set grid linetype 1 linewidth 0.5 linecolor rgb '#e0e0e0'\n"
      "  set xlabel '{x}' offset 0,0.3\n  set ylabel '{y}' offset 1,0\n"
      "  set key outside right center samplen 2\n"
      "{chance}"
      "  plot {lines}\n",
      fmt::arg("axes", figures::kAxes), fmt::arg("title", figures::gnuplot_string(title)),
      fmt::arg("x", roc ? "false positive rate" : "recall"),
      fmt::arg("y", roc ? "true positive rate" : "precision"),
      fmt::arg("chance",
               roc ? "  set arrow 1 from 0,0 to 1,1 nohead dashtype 2 linecolor rgb '#aaaaaa'\n" : ""),
      fmt::arg("lines", fmt::join(lines, ", \\\n       ")));
  return figure;
}

}  // namespace chorale::eval
