#include "pipeline/figures/spectrogram.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "pipeline/features/mel_scale.hpp"
#include "pipeline/figures/style.hpp"

namespace chorale::figures {
namespace {

// Of a bin, which may lie between two.
double row_of(const ImageSize& size, double bin) {
  return (bin + 0.5) * static_cast<double>(size.rows) / static_cast<double>(size.bins) - 0.5;
}

}  // namespace

ImageSize::ImageSize(std::size_t bins_, std::size_t frames_, std::size_t most_rows, std::size_t most_columns)
    : bins(bins_),
      frames(frames_),
      rows(std::min(bins, most_rows)),
      columns(std::min(frames, most_columns)) {}

std::vector<double> largest_in_points(std::span<const float> values, const ImageSize& size) {
  std::vector<double> points(size.rows * size.columns, std::nan(""));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t frame = i / size.bins, bin = i % size.bins;
    double& point = points[bin * size.rows / size.bins * size.columns + frame * size.columns / size.frames];
    point = std::fmax(point, values[i]);
  }
  return points;
}

std::string image_block(const std::vector<double>& points, const ImageSize& size, const char* format) {
  std::string block;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (i % size.columns > 0) block += '\t';
    block += std::isnan(points[i]) ? "nan" : fmt::format(fmt::runtime(format), points[i]);
    if (i % size.columns == size.columns - 1) block += '\n';
  }
  return block;
}

std::string mel_tics(const ImageSize& size, double fmin, double fmax) {
  std::string tics;
  for (const double hz : {512.0, 2048.0, 8192.0, 32768.0}) {
    if (hz <= fmin || hz >= fmax) continue;
    const double band = features::mel_band_of(hz, fmin, fmax, size.bins);
    const std::string label = hz < 1000 ? fmt::format("{}", hz) : fmt::format("{:.0f}k", hz / 1024);
    tics += fmt::format("{}'{}' {:.2f}", tics.empty() ? "" : ", ", label, row_of(size, band));
  }
  return tics;
}

std::string bin_tics(const ImageSize& size) {
  const auto bins = static_cast<double>(size.bins);
  const double step = std::max(1.0, round_step(bins / 5));
  std::string tics;
  for (int i = 0; i * step < bins; ++i)
    tics += fmt::format("{}'{:.0f}' {:.2f}", i > 0 ? ", " : "", i * step, row_of(size, i * step));
  return tics;
}

std::string time_tics(double seconds) {
  const double step = seconds > 12  ? round_step(seconds / 8)
                      : seconds > 5 ? 2
                      : seconds > 2 ? 1
                                    : seconds / 4;
  std::string tics;
  for (int i = 0; i * step < 0.92 * seconds; ++i)
    tics += fmt::format("{}{:.3g}", i > 0 ? ", " : "", i * step);
  return tics;
}

std::string panel_margins(const PanelBox& box, double page_width, double page_height) {
  return fmt::format(
      "  set lmargin at screen {}\n  set rmargin at screen {}\n"
      "  set bmargin at screen {}\n  set tmargin at screen {}\n",
      box.left / page_width, (box.left + box.width) / page_width, 1 - (box.top + box.height) / page_height,
      1 - box.top / page_height);
}

std::string image_of_block(const std::string& file, std::size_t block, const ImageSize& size,
                           double seconds) {
  return fmt::format("'{}.tsv' index {} matrix using (($1+0.5)*{}):2:3 with image", file, block,
                     seconds / static_cast<double>(size.columns));
}

std::string shortened(const std::string& text, std::size_t longest) {
  const std::string line = one_line(text);
  return line.size() <= longest ? line : "..." + line.substr(line.size() - longest + 3);
}

}  // namespace chorale::figures
