// What figures of spectrograms share: images of a few hundred points, and the tics of their axes.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace chorale::figures {

// An image that stands for `bins` by `frames` values: as many points, but no more than a panel can show.
struct ImageSize {
  ImageSize(std::size_t bins, std::size_t frames, std::size_t most_rows, std::size_t most_columns);

  std::size_t bins, frames;
  std::size_t rows, columns;
};

// [rows, columns], the lowest bin first: the largest of the values that fall into each point, NaN where none
// does. `values` [frames or fewer, bins].
std::vector<double> largest_in_points(std::span<const float> values, const ImageSize& size);

// A block of a data file: a line a row, `format` a value ("{:.0f}"), "nan" for none.
std::string image_block(const std::vector<double>& points, const ImageSize& size, const char* format);

// Tics two octaves apart at the rows of mel bands between fmin and fmax (Hz), labelled in Hz: 512, 2k, 8k.
std::string mel_tics(const ImageSize& size, double fmin, double fmax);

// Tics of bins by number, at their rows.
std::string bin_tics(const ImageSize& size);

// Tics of a time axis from 0; the end has none, for its label would run into the next panel's first.
std::string time_tics(double seconds);

constexpr const char* kPanelTics = "nomirror out scale 0.4 font ',11' textcolor rgb '#333333'";

// Where a panel is on its page, in pixels from the upper left.
struct PanelBox {
  double left, top, width, height;
};
std::string panel_margins(const PanelBox& box, double page_width, double page_height);

// What `plot` draws: block `block` of '<file>.tsv' over [0, seconds] by [-0.5, rows - 0.5].
std::string image_of_block(const std::string& file, std::size_t block, const ImageSize& size, double seconds);

// The end of a text that is too long, as that tells tracks apart.
std::string shortened(const std::string& text, std::size_t longest);

}  // namespace chorale::figures
