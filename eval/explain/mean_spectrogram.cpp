#include "eval/explain/mean_spectrogram.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "pipeline/figures/style.hpp"

namespace chorale::eval {
namespace {

constexpr std::size_t kAcross = 4, kMostRows = 128, kMostColumns = 260;
// Pixels.
constexpr double kPanel = 206, kHeight = 120, kGapX = 18, kGapY = 36, kLeft = 62, kRight = 90;
constexpr double kTop = 84, kBottom = 58;

struct Page {
  explicit Page(std::size_t panels)
      : across(std::min(panels, kAcross)),
        width(kLeft + static_cast<double>(across) * (kPanel + kGapX) - kGapX + kRight),
        height(kTop + static_cast<double>(row_of(panels + across - 1)) * (kHeight + kGapY) - kGapY +
               kBottom) {}

  std::size_t row_of(std::size_t panel) const { return panel / across; }

  figures::PanelBox box(std::size_t panel) const {
    return {kLeft + static_cast<double>(panel % across) * (kPanel + kGapX),
            kTop + static_cast<double>(row_of(panel)) * (kHeight + kGapY), kPanel, kHeight};
  }

  std::size_t across;
  double width, height;
};

std::string page_commands(const std::string& title, const Page& page, const SpectrogramAxes& axes,
                          const figures::ImageSize& size, double seconds) {
  const double bar_x = page.width - kRight + 18;
  return fmt::format(
      "  set multiplot\n{axes}"
      "  set label 1 {title} at screen 0.5,{title_y} center font ',16' noenhanced\n"
      "  set label 2 'time in the slice (s)' at screen {time_x},{time_y} center font ',12' textcolor rgb "
      "'#555555'\n"
      "  set label 3 '{rows_unit}' at screen {row_x},{head_y} right font ',12' textcolor rgb '#555555'\n"
      "  set label 4 '{unit}' at screen {bar_x},{head_y} left font ',12' textcolor rgb '#555555'\n"
      "  set palette maxcolors 256 defined {palette}\n"
      "  set colorbox user origin screen {bar_x},{bar_y} size screen {bar_w},{bar_h} noborder\n"
      "  set xrange [0:{seconds}]\n  set yrange [-0.5:{rows}-0.5]\n  set xtics ({time_tics})\n",
      fmt::arg("axes", axes_commands(axes)), fmt::arg("title", figures::gnuplot_string(title)),
      fmt::arg("title_y", 1 - 26 / page.height),
      fmt::arg("time_x", (kLeft + (page.width - kRight - kLeft) / 2) / page.width),
      fmt::arg("time_y", 18 / page.height), fmt::arg("row_x", (kLeft - 8) / page.width),
      fmt::arg("rows_unit", axes.row_unit()), fmt::arg("head_y", 1 - (kTop - 12) / page.height),
      fmt::arg("unit", axes.unit), fmt::arg("bar_x", bar_x / page.width),
      fmt::arg("palette", figures::kNightPalette), fmt::arg("bar_y", 1 - (kTop + kHeight) / page.height),
      fmt::arg("bar_w", 14 / page.width), fmt::arg("bar_h", kHeight / page.height),
      fmt::arg("seconds", seconds), fmt::arg("rows", size.rows),
      fmt::arg("time_tics", figures::time_tics(seconds)));
}

std::string slices_of(const ClassMean& each) {
  if (each.mean.slices() == 0) return "never predicted";
  return fmt::format("{} slice{}", each.mean.slices(), each.mean.slices() == 1 ? "" : "s");
}

// Means are far from the ends of what single slices can have: the colours are those of the lowest and the
// highest mean; of decibels in whole tens.
SpectrogramAxes with_colours_of(SpectrogramAxes axes, const std::vector<ClassMean>& classes) {
  double low = std::nan(""), high = std::nan("");
  for (const ClassMean& each : classes) {
    for (const float value : each.mean.mean()) {
      low = std::fmin(low, value);
      high = std::fmax(high, value);
    }
  }
  const bool decibels = axes.unit == "dB";
  axes.low = decibels ? 10 * std::floor(low / 10) : low;
  axes.high = decibels ? 10 * std::ceil(high / 10) : high;
  return axes;
}

// The axes of the panels at the edges of the page alone have numbers.
std::string panel_commands(const std::string& plot, const ClassMean& each, const Page& page,
                           std::size_t panel, bool lowest, const std::string& row_tics) {
  return fmt::format(
      "{}  set label 5 {} at graph 0,1 left offset 0,0.6 font ',12' noenhanced textcolor rgb '#333333'\n"
      "{}  set format x '{}'\n  plot {}\n  unset label\n",
      figures::panel_margins(page.box(panel), page.width, page.height),
      figures::gnuplot_string(fmt::format("{}: {}", figures::one_line(each.name), slices_of(each))),
      panel % page.across == 0 ? fmt::format("  set ytics ({}) {}\n", row_tics, figures::kPanelTics)
                               : "  unset ytics\n",
      lowest ? "%g" : "", plot);
}

}  // namespace

void MeanSpectrogram::add(std::span<const float> slice) {
  const std::size_t frames = std::min(slice.size() / bins_, kMostFrames);
  if (counts_.size() < frames) {
    counts_.resize(frames);
    sums_.resize(frames * bins_);
  }
  for (std::size_t frame = 0; frame < frames; ++frame) ++counts_[frame];
  for (std::size_t i = 0; i < frames * bins_; ++i) sums_[i] += slice[i];
}

std::vector<float> MeanSpectrogram::mean() const {
  std::vector<float> means(sums_.size());
  for (std::size_t i = 0; i < means.size(); ++i)
    means[i] = static_cast<float>(sums_[i] / static_cast<double>(counts_[i / bins_]));
  return means;
}

figures::Figure mean_spectrogram_figure(const std::string& name, const std::string& title,
                                        const SpectrogramAxes& axes, const std::vector<ClassMean>& classes) {
  std::size_t longest = 0;
  for (const ClassMean& each : classes) longest = std::max(longest, each.mean.mean().size() / axes.bins);
  const figures::ImageSize size(axes.bins, longest, kMostRows, kMostColumns);
  const double seconds = static_cast<double>(longest) * axes.frame_seconds;
  const Page page(classes.size());
  figures::Figure figure{
      .name = name, .width = static_cast<int>(page.width), .height = static_cast<int>(page.height)};
  figure.commands = page_commands(title, page, with_colours_of(axes, classes), size, seconds);
  std::size_t block = 0;
  for (std::size_t panel = 0; panel < classes.size(); ++panel) {
    const ClassMean& each = classes[panel];
    const bool any = each.mean.slices() > 0;
    const bool lowest = panel + page.across >= classes.size();
    const std::string plot = any ? figures::image_of_block(name, block, size, seconds) : "NaN";
    figure.commands += panel_commands(plot, each, page, panel, lowest, axes.row_tics(size));
    if (!any) continue;
    figure.commands += "  unset colorbox\n";
    figure.data += fmt::format(
        "{}# {}\t{} slices\n{}", block > 0 ? "\n\n" : "", figures::one_line(each.name), each.mean.slices(),
        figures::image_block(figures::largest_in_points(each.mean.mean(), size), size, "{:.2f}"));
    ++block;
  }
  figure.commands += "  unset multiplot\n";
  return figure;
}

}  // namespace chorale::eval
