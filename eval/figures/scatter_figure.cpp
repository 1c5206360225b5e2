#include "eval/figures/scatter_figure.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "pipeline/figures/style.hpp"

namespace chorale::eval {
namespace {

// Of gnuplot: circle, triangle, square, diamond, triangle on its tip; all filled.
constexpr std::array kMarks = {7, 9, 5, 13, 11};
constexpr double kLargestMark = 0.9;
constexpr std::size_t kLongest = 28;       // bytes of a name in the legend
constexpr double kLetter = 7.5, kGap = 8;  // pixels; from the plot to the legend

struct Series {
  std::string title;
  std::string style;
  std::vector<const ScatterPoint*> points;
};

// The first letters of a long name, whole ones (UTF-8).
std::string shortened(const std::string& name) {
  std::string text = figures::one_line(name);
  if (text.size() <= kLongest) return text;
  std::size_t end = kLongest - 1;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

// Smaller where there are many.
double mark_size(std::size_t points) { return points <= 400 ? kLargestMark : points <= 2000 ? 0.6 : 0.35; }

std::string style_of(std::size_t index) {
  const auto& colours = figures::kGroupColours;
  return fmt::format("pointtype {} linecolor rgb '{}'", kMarks[index / colours.size() % kMarks.size()],
                     colours[index % colours.size()]);
}

// The grey one first, so that it lies below; then the named ones by their names.
std::vector<Series> series_of(const Scatter& scatter, const std::vector<ScatterPoint>& points) {
  std::map<std::string, std::vector<const ScatterPoint*>> groups;
  for (const ScatterPoint& point : points) groups[point.group].push_back(&point);
  std::vector<std::string> by_size;
  by_size.reserve(groups.size());
  for (const auto& [name, members] : groups) by_size.push_back(name);
  std::ranges::stable_sort(by_size, std::greater{},
                           [&](const std::string& name) { return groups[name].size(); });
  std::vector<std::string> named(by_size.begin(), by_size.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                                        by_size.size(), scatter.most_named)));
  std::ranges::sort(named);
  std::vector<Series> all;
  if (by_size.size() > named.size()) {
    Series rest{.title = fmt::format("{} others", by_size.size() - named.size()),
                .style = "pointtype 6 linecolor rgb '#bbbbbb'",
                .points = {}};
    for (std::size_t i = named.size(); i < by_size.size(); ++i) {
      const auto& members = groups[by_size[i]];
      rest.points.insert(rest.points.end(), members.begin(), members.end());
    }
    all.push_back(std::move(rest));
  }
  for (std::size_t i = 0; i < named.size(); ++i)
    all.push_back({shortened(named[i]), style_of(i), groups[named[i]]});
  return all;
}

std::string data_of(const std::vector<Series>& all) {
  std::string data;
  for (const Series& series : all) {
    data += fmt::format("{}# x\ty\tname\tgroup\n", data.empty() ? "" : "\n\n");
    for (const ScatterPoint* point : series.points) {
      data += fmt::format("{}\t{}\t{}\t{}\n", point->at[0], point->at[1], figures::one_line(point->name),
                          figures::one_line(point->group));
    }
  }
  return data;
}

std::string axes_of(const Scatter& scatter) {
  if (scatter.axes[0].empty()) {
    return "  set border 15 linecolor rgb '#cccccc'\n  unset tics\n  set size ratio -1\n";
  }
  return fmt::format("{}  set xlabel {} noenhanced offset 0,0.3\n  set ylabel {} noenhanced offset 1,0\n",
                     figures::kAxes, figures::gnuplot_string(scatter.axes[0]),
                     figures::gnuplot_string(scatter.axes[1]));
}

}  // namespace

figures::Figure scatter_figure(const Scatter& scatter, const std::vector<ScatterPoint>& points) {
  const std::vector<Series> all = series_of(scatter, points);
  std::vector<std::string> plots, entries;
  std::size_t longest = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    longest = std::max(longest, all[i].title.size());
    plots.push_back(fmt::format("'{}.tsv' index {} using 1:2 with points {} pointsize {} notitle",
                                scatter.name, i, all[i].style, mark_size(points.size())));
    entries.push_back(fmt::format("keyentry with points {} pointsize {} title {} noenhanced", all[i].style,
                                  kLargestMark, figures::gnuplot_string(all[i].title)));
  }
  plots.insert(plots.end(), entries.begin(), entries.end());
  const double legend = kLetter * static_cast<double>(longest) + 64;
  constexpr int kSide = 560, kLine = 19;  // pixels: of the plot, of an entry of the legend
  figures::Figure figure{.name = scatter.name,
                         .width = kSide + static_cast<int>(legend),
                         .height = std::max(kSide, kLine * static_cast<int>(all.size()) + 60),
                         .data = data_of(all)};
  figure.commands = fmt::format(
      "{axes}"
      "  set title {title} noenhanced font ',16' offset 0,0.2\n"
      "  set offsets graph 0.03, graph 0.03, graph 0.03, graph 0.03\n"
      "  set rmargin at screen {right}\n"
      "  set key at screen {key}, screen 0.5 left center Left reverse samplen 0.5\n"
      "  plot {plots}\n",
      fmt::arg("axes", axes_of(scatter)), fmt::arg("title", figures::gnuplot_string(scatter.title)),
      fmt::arg("right", 1 - legend / figure.width), fmt::arg("key", 1 - (legend - kGap) / figure.width),
      fmt::arg("plots", fmt::join(plots, ", \\\n       ")));
  return figure;
}

}  // namespace chorale::eval
