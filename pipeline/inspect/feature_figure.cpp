#include "pipeline/inspect/feature_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include "pipeline/figures/style.hpp"

namespace chorale::inspect {
namespace {

constexpr std::size_t kClasses = 12, kPanels = 12, kAcross = 3, kSample = 4000;
constexpr std::array kPercentiles = {0.05, 0.25, 0.5, 0.75, 0.95};
constexpr double kLetter = 8, kPanel = 250, kRow = 15, kGapX = 24, kGapY = 62;  // pixels
constexpr double kTop = 104, kRight = 24, kBottom = 20;

// One column of the feature over the tracks of one class; finite values, ascending.
using Values = std::vector<float>;

struct Column {
  std::string name;
  std::vector<Values> classes;
  double ratio = 0;
  std::size_t panel = 0;
};

std::vector<float> mean_over_frames(const store::Store& store, std::size_t feature, std::size_t track) {
  const std::size_t width = store.features()[feature].width;
  const std::uint64_t frames = store.tracks()[track].frame_count;
  std::vector<float> values(frames * width), means(width);
  store.read_frames(feature, track, 0, frames, values.data());
  std::vector<double> sums(width);
  for (std::size_t i = 0; i < values.size(); ++i) sums[i % width] += values[i];
  for (std::size_t bin = 0; bin < width; ++bin)
    means[bin] = static_cast<float>(sums[bin] / static_cast<double>(frames));
  return means;
}

std::vector<float> vector_of(const store::Store& store, std::size_t feature, std::size_t track) {
  if (store.features()[feature].kind == store::FeatureKind::kFrames) {
    return mean_over_frames(store, feature, track);
  }
  std::vector<float> values(store.features()[feature].width);
  store.read_vector(feature, track, values.data());
  return values;
}

// As numpy.percentile: linear between the two nearest.
double percentile(const Values& sorted, double share) {
  if (sorted.empty()) return std::nan("");
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] +
         (place - static_cast<double>(below)) * (static_cast<double>(sorted[above]) - sorted[below]);
}

double mean_of(const Values& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// F of a one-way analysis of variance; 0 where nothing varies within or there is nothing to compare.
double variance_ratio(const std::vector<Values>& classes) {
  double sum = 0, between = 0, within = 0;
  std::size_t count = 0, groups = 0;
  for (const Values& values : classes) {
    sum += std::accumulate(values.begin(), values.end(), 0.0);
    count += values.size();
    if (!values.empty()) ++groups;
  }
  if (groups < 2 || count <= groups) return 0;
  const double overall = sum / static_cast<double>(count);
  for (const Values& values : classes) {
    if (values.empty()) continue;
    const double mean = mean_of(values);
    between += static_cast<double>(values.size()) * (mean - overall) * (mean - overall);
    for (const float value : values) within += (value - mean) * (value - mean);
  }
  if (within <= 0) return 0;
  return between / static_cast<double>(groups - 1) / (within / static_cast<double>(count - groups));
}

std::vector<Column> make_columns(const store::Feature& feature, std::size_t classes) {
  const char* what = feature.kind == store::FeatureKind::kFrames ? ", mean" : "";
  std::vector<Column> columns(feature.width);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    columns[i].name = feature.columns[i] + what;
    columns[i].classes.resize(classes);
  }
  return columns;
}

// All in their order where there is room; else those with the largest ratios.
void choose_panels(std::vector<Column>& columns) {
  std::vector<std::size_t> order(columns.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (columns.size() > kPanels) {
    std::ranges::stable_sort(order, std::greater(), [&](std::size_t i) { return columns[i].ratio; });
  }
  for (std::size_t i = 0; i < std::min(order.size(), kPanels); ++i) columns[order[i]].panel = i + 1;
}

// Of what is drawn, with a little room on either side.
std::pair<double, double> range_of(const Column& column) {
  double low = std::nan(""), high = std::nan("");
  for (const Values& values : column.classes) {
    low = std::fmin(low, percentile(values, kPercentiles.front()));
    high = std::fmax(high, percentile(values, kPercentiles.back()));
  }
  if (std::isnan(low)) return {0, 1};
  const double room = high > low ? 0.04 * (high - low) : std::max(0.5, 0.1 * std::abs(high));
  return {low - room, high + room};
}

// Shares of the page.
struct Box {
  double left, right, bottom, top;
};

std::string panel_commands(const std::string& name, const Column& column, const Box& box,
                           const std::string& vertical_axis) {
  const auto [low, high] = range_of(column);
  return fmt::format(
      "  set lmargin at screen {x0}\n  set rmargin at screen {x1}\n"
      "  set bmargin at screen {y0}\n  set tmargin at screen {y1}\n"
      "  set title {title} noenhanced font ',12' offset 0,-0.6\n"
      "{axis}"
      "  set xrange [{low:.6g}:{high:.6g}]\n  set xtics {step} font ',11' rangelimited\n"
      "  plot '{name}.tsv' using ($1 == {panel} ? $3 : NaN):2:($7-$3):(0) with vectors nohead linewidth 1 "
      "linecolor "
      "rgb '#777777', \\\n"
      "       '' using ($1 == {panel} ? $4 : NaN):2:4:6:($2-0.34):($2+0.34) with boxxyerror fillstyle solid "
      "noborder "
      "linecolor rgb '{colour}', \\\n"
      "       '' using ($1 == {panel} ? $5 : NaN):($2-0.34):(0):(0.68) with vectors nohead linewidth 2 "
      "linecolor rgb "
      "'white'\n",
      fmt::arg("x0", box.left), fmt::arg("x1", box.right), fmt::arg("y0", box.bottom),
      fmt::arg("y1", box.top), fmt::arg("step", figures::round_step((high - low) / 6)),
      fmt::arg("title", figures::gnuplot_string(column.name)), fmt::arg("axis", vertical_axis),
      fmt::arg("name", name), fmt::arg("panel", column.panel), fmt::arg("low", low), fmt::arg("high", high),
      fmt::arg("colour", figures::kBarColour));
}

std::vector<ClassTracks> sampled(const store::Store& store, const std::vector<ClassTracks>& classes) {
  std::vector<ClassTracks> chosen = largest(classes, kClasses);
  if (chosen.empty()) {
    chosen = {{"all tracks", std::vector<std::size_t>(store.tracks().size())}};
    std::iota(chosen[0].tracks.begin(), chosen[0].tracks.end(), std::size_t{0});
  }
  std::size_t total = 0;
  for (const ClassTracks& each : chosen) total += each.tracks.size();
  const std::size_t step = (total + kSample - 1) / kSample;
  for (ClassTracks& each : chosen) {
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < each.tracks.size(); i += step) kept.push_back(each.tracks[i]);
    each.tracks = std::move(kept);
  }
  return chosen;
}

std::vector<Column> read_columns(const store::Store& store, std::size_t feature,
                                 const std::vector<ClassTracks>& classes) {
  std::vector<Column> columns = make_columns(store.features()[feature], classes.size());
  for (std::size_t row = 0; row < classes.size(); ++row) {
    for (const std::size_t track : classes[row].tracks) {
      const std::vector<float> values = vector_of(store, feature, track);
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::isfinite(values[i])) columns[i].classes[row].push_back(values[i]);
      }
    }
  }
  for (Column& column : columns) {
    for (Values& values : column.classes) std::ranges::sort(values);
    column.ratio = variance_ratio(column.classes);
  }
  choose_panels(columns);
  return columns;
}

std::string data_of(const std::vector<Column>& columns, const std::vector<ClassTracks>& classes) {
  std::string data = "# panel\trow\tp5\tp25\tmedian\tp75\tp95\tF\tcolumn\tclass\n";
  for (const Column& column : columns) {
    for (std::size_t row = 0; row < classes.size(); ++row) {
      data += fmt::format("{}\t{}", column.panel, row + 1);
      for (const double share : kPercentiles)
        data += fmt::format("\t{:.6g}", percentile(column.classes[row], share));
      data += fmt::format("\t{:.6g}\t{}\t{}\n", column.ratio, figures::one_line(column.name),
                          figures::one_line(classes[row].name));
    }
  }
  return data;
}

}  // namespace

figures::Figure feature_figure(const std::string& name, const store::Store& store, std::size_t feature,
                               const std::vector<ClassTracks>& classes) {
  const std::vector<ClassTracks> shown = sampled(store, classes);
  std::vector<Column> columns = read_columns(store, feature, shown);
  std::vector<std::string> names;
  std::size_t longest = 0, tracks = 0;
  for (const ClassTracks& each : shown) {
    names.push_back(each.name);
    longest = std::max(longest, each.name.size());
    tracks += each.tracks.size();
  }
  const std::size_t panels = std::min(columns.size(), kPanels), down = (panels + kAcross - 1) / kAcross;
  const double left = 24 + kLetter * static_cast<double>(longest);
  const double side = 12 + kRow * static_cast<double>(shown.size());
  const double width = left + kAcross * (kPanel + kGapX) + kRight;
  const double height = kTop + static_cast<double>(down) * (side + kGapY) - 24 + kBottom;
  figures::Figure figure{.name = name, .width = static_cast<int>(width), .height = static_cast<int>(height)};
  figure.data = data_of(columns, shown);
  const std::string& of = store.features()[feature].name;
  const std::string title =
      panels == columns.size() ? fmt::format("Distribution of {}", of)
                               : fmt::format("{} of {} columns of {}: those that differ most between classes",
                                             panels, columns.size(), of);
  figure.commands = fmt::format(
      "  set multiplot\n{axes}"
      "  set label 1 {title} at screen 0.5,{title_y} center font ',16' noenhanced\n"
      "  set label 2 '{tracks} tracks; box: quartiles and median, line: 5th to 95th percentile' at screen "
      "0.5,{note_y} center font ',12' textcolor rgb '#555555'\n"
      "  set border 1\n  unset key\n  set yrange [{n}.6:0.4]\n",
      fmt::arg("axes", figures::kAxes), fmt::arg("title", figures::gnuplot_string(title)),
      fmt::arg("title_y", 1 - 26 / height), fmt::arg("tracks", tracks), fmt::arg("note_y", 1 - 50 / height),
      fmt::arg("n", shown.size()));
  const std::string classes_axis =
      fmt::format("  set ytics ({}) nomirror noenhanced scale 0 font ',12' textcolor rgb '#333333'\n",
                  figures::tic_labels(names));
  std::ranges::sort(columns, {}, &Column::panel);
  for (const Column& column : columns) {
    if (column.panel == 0) continue;
    const std::size_t across = (column.panel - 1) % kAcross, down_to = (column.panel - 1) / kAcross;
    const double x = left + static_cast<double>(across) * (kPanel + kGapX);
    const double y = kTop + static_cast<double>(down_to) * (side + kGapY);
    const Box box{x / width, (x + kPanel) / width, 1 - (y + side) / height, 1 - y / height};
    figure.commands += panel_commands(name, column, box, across == 0 ? classes_axis : "  unset ytics\n");
    figure.commands += "  unset label\n";
  }
  figure.commands += "  unset multiplot\n";
  return figure;
}

}  // namespace chorale::inspect
