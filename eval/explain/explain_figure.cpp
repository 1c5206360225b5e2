#include "eval/explain/explain_figure.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/figures/style.hpp"

namespace chorale::eval {
namespace {

using figures::gnuplot_string;

constexpr std::size_t kMostRows = 128, kMostColumns = 260;  // points of a panel
constexpr std::size_t kLongestSong = 44;                    // letters
// Pixels.
constexpr double kPanel = 380, kHeight = 190, kLeft = 70, kGapX = 64, kGapY = 16, kRight = 96;
constexpr double kTop = 128, kBottom = 58;
constexpr double kWidth = kLeft + 2 * kPanel + kGapX + kRight,
                 kPageHeight = kTop + 2 * kHeight + kGapY + kBottom;

figures::PanelBox box_of(std::size_t column, std::size_t row) {
  return {kLeft + static_cast<double>(column) * (kPanel + kGapX),
          kTop + static_cast<double>(row) * (kHeight + kGapY), kPanel, kHeight};
}

std::string block_of(const std::vector<float>& values, const figures::ImageSize& size, const char* format,
                     const std::string& head) {
  return fmt::format("# {}\n{}", head,
                     figures::image_block(figures::largest_in_points(values, size), size, format));
}

std::string text_at(int number, const std::string& text, double x, double y, const char* style) {
  return fmt::format("  set label {} {} at screen {:.5f},{:.5f} noenhanced {}\n", number,
                     gnuplot_string(text), x / kWidth, 1 - y / kPageHeight, style);
}

std::string colour_bar(const figures::PanelBox& last, const std::string& unit, int label) {
  const double x = last.left + last.width + 18;
  return fmt::format("  set colorbox user origin screen {:.5f},{:.5f} size screen {:.5f},{:.5f} noborder\n",
                     x / kWidth, 1 - (last.top + last.height) / kPageHeight, 14 / kWidth,
                     (last.height - 26) / kPageHeight) +
         text_at(label, unit, x, last.top + 10, "left font ',12' textcolor rgb '#555555'");
}

// The line round all that has half of the largest heat, into the data block $half<number>.
std::string outline_command(const std::string& file, std::size_t block, const figures::ImageSize& size,
                            double seconds) {
  return fmt::format(
      "  set contour base\n  set cntrparam levels discrete 0.5\n  unset surface\n"
      "  set table $half{}\n  splot '{}.tsv' index {} matrix using (($1+0.5)*{}):2:3\n  unset table\n"
      "  unset contour\n  set surface\n",
      block, file, block, seconds / static_cast<double>(size.columns));
}

// Both panels of a slice, the blocks `block` and `block` + 1 of the data.
class Slice {
 public:
  Slice(const std::string& file, const SpectrogramAxes& axes, const ExplainedSlice& slice, std::size_t column,
        std::size_t block)
      : file_(file),
        axes_(axes),
        slice_(slice),
        size_(axes.bins, slice.spectrogram.size() / axes.bins, kMostRows, kMostColumns),
        seconds_(static_cast<double>(size_.frames) * axes.frame_seconds),
        column_(column),
        block_(block) {}

  std::string data() const {
    const std::string head = fmt::format("{}\tfrom {:.3f} s\t", figures::one_line(slice_.song), slice_.start);
    const char* format = axes_.unit == "dB" ? "{:.0f}" : "{:.3g}";
    return block_of(slice_.spectrogram, size_, format, head + "input") + "\n\n" +
           block_of(slice_.heat, size_, "{:.2f}", head + "heat");
  }

  std::string commands(Outline outline) const {
    const bool any = std::ranges::any_of(slice_.heat, [](float value) { return value > 0; });
    const bool outlined = outline == Outline::kHalf && any;
    const figures::PanelBox above = box_of(column_, 0), below = box_of(column_, 1);
    std::string text = outlined ? outline_command(file_, block_ + 1, size_, seconds_) : "";
    text +=
        fmt::format("  set ytics ({})\n  set xtics ({})\n  set xrange [0:{}]\n  set yrange [-0.5:{}-0.5]\n",
                    axes_.row_tics(size_), figures::time_tics(seconds_), seconds_, size_.rows);
    text += heading() + panel(above, figures::kNightPalette, axes_.unit, "  set format x ''\n", block_) +
            (outlined ? fmt::format(", \\\n       $half{} using 1:2 with lines linewidth 1.5 linecolor rgb "
                                    "'white'",
                                    block_ + 1)
                      : "") +
            "\n  unset label\n";
    if (!any) {
      text += text_at(1, "nothing in it speaks for this class", below.left + kPanel / 2,
                      below.top + kHeight / 2, "center textcolor rgb '#888888' front");
    }
    text += "  set cbrange [0:1]\n" +
            panel(below, figures::kPaperPalette, "heat", "  set format x '%g'\n", block_ + 1);
    return text + "\n  unset label\n" + axes_commands(axes_);
  }

 private:
  std::string heading() const {
    const figures::PanelBox box = box_of(column_, 0);
    return text_at(1, slice_.heading, box.left, box.top - 32, "left font ',14'") +
           text_at(
               2,
               fmt::format("{}, from {:.1f} s", figures::shortened(slice_.song, kLongestSong), slice_.start),
               box.left, box.top - 13, "left font ',11' textcolor rgb '#555555'") +
           text_at(4, axes_.row_unit(), box.left - 8, box.top - 13,
                   "right font ',12' textcolor rgb '#555555'");
  }

  // Without the end of its last line.
  std::string panel(const figures::PanelBox& box, const char* palette, const std::string& unit,
                    const std::string& time_axis, std::size_t block) const {
    const std::string scale =
        block < 2 ? colour_bar(box_of(1, block), unit, 3) : "  unset colorbox\n";  // one for both slices
    return fmt::format("{}{}  set palette maxcolors 256 defined {}\n{}  plot {}",
                       figures::panel_margins(box, kWidth, kPageHeight), scale, palette, time_axis,
                       figures::image_of_block(file_, block, size_, seconds_));
  }

  const std::string& file_;
  const SpectrogramAxes& axes_;
  const ExplainedSlice& slice_;
  figures::ImageSize size_;
  double seconds_;
  std::size_t column_, block_;
};

std::string page_commands(const ExplainTexts& texts, const SpectrogramAxes& axes) {
  const double middle = (kLeft + 2 * kPanel + kGapX) / 2 + kLeft / 2;
  // Outlines are read back from tables, whose columns have spaces between them.
  return "  set datafile separator whitespace\n  set multiplot\n" +
         text_at(11, texts.title, kWidth / 2, 26, "center font ',16'") +
         text_at(12, texts.note, kWidth / 2, 52, "center font ',12' textcolor rgb '#555555'") +
         text_at(13, "time in the slice (s)", middle, kPageHeight - 18,
                 "center font ',12' textcolor rgb '#555555'") +
         axes_commands(axes);
}

std::string missing(const std::string& text, std::size_t column) {
  const figures::PanelBox box = box_of(column, 0);
  return text_at(15, text, box.left, box.top - 32, "left font ',14' textcolor rgb '#888888'");
}

}  // namespace

figures::Figure explain_figure(const std::string& name, const ExplainTexts& texts,
                               const SpectrogramAxes& axes, Outline outline,
                               const std::optional<ExplainedSlice>& right,
                               const std::optional<ExplainedSlice>& wrong) {
  figures::Figure figure{
      .name = name, .width = static_cast<int>(kWidth), .height = static_cast<int>(kPageHeight)};
  figure.commands = page_commands(texts, axes);
  if (!right) figure.commands += missing(texts.without_right, 0);
  if (!wrong) figure.commands += missing(texts.without_wrong, 1);
  std::size_t column = 0, block = 0;
  for (const auto* slice : {&right, &wrong}) {
    if (*slice) {
      const Slice panels(name, axes, **slice, column, block);
      figure.data += (block > 0 ? "\n\n" : "") + panels.data();
      figure.commands += panels.commands(outline);
      block += 2;
    }
    ++column;
  }
  figure.commands += "  unset multiplot\n";
  return figure;
}

}  // namespace chorale::eval
