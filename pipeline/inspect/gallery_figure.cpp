#include "pipeline/inspect/gallery_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "pipeline/config/config.hpp"
#include "pipeline/figures/spectrogram.hpp"
#include "pipeline/figures/style.hpp"

namespace chorale::inspect {
namespace {

constexpr std::size_t kClasses = 12, kTracks = 4;
constexpr double kSeconds = 10.0;                  // shown at most
constexpr std::size_t kColumns = 220, kRows = 64;  // of values at most: what a panel can show
constexpr double kFloor = -80.0;                   // dB
constexpr std::size_t kLongestName = 34;           // letters above a panel
constexpr double kLetter = 8, kPanel = 226, kHeight = 92, kGapX = 14, kGapY = 26;  // pixels
constexpr double kTop = 74, kBottom = 56, kTics = 52, kRight = 86;

// Of different groups as long as there are any.
std::vector<std::size_t> pick(const store::Store& store, const std::vector<std::size_t>& tracks) {
  std::vector<std::size_t> picked, others;
  std::set<std::string> groups;
  for (const std::size_t track : tracks) {
    if (store.tracks()[track].frame_count == 0) continue;
    (groups.insert(store.tracks()[track].track.group).second ? picked : others).push_back(track);
  }
  picked.insert(picked.end(), others.begin(), others.end());
  picked.resize(std::min(picked.size(), kTracks));
  return picked;
}

// What all panels have in common.
struct Scale {
  std::size_t mel = 0;     // feature of the store
  std::size_t bands = 0;   // in the store
  std::size_t frames = 0;  // of the time shown
  double frame_seconds = 0;
  double fmin = 0, fmax = 0;  // Hz

  figures::ImageSize image() const { return {bands, frames, kRows, kColumns}; }
  double seconds() const { return static_cast<double>(frames) * frame_seconds; }
};

// The loudest of the values that fall into a point, in whole dB below the track's maximum; "nan" beyond the
// end of the track.
std::string block_of(const store::Store& store, const Scale& scale, std::size_t track) {
  const std::uint64_t count = std::min<std::uint64_t>(scale.frames, store.tracks()[track].frame_count);
  std::vector<float> mel(count * scale.bands);
  store.read_frames(scale.mel, track, 0, count, mel.data());
  std::vector<double> points = figures::largest_in_points(mel, scale.image());
  const double loudest = store.maximum(scale.mel, track);
  for (double& point : points) {
    if (!std::isnan(point)) point = std::max(point - loudest, kFloor);
  }
  return figures::image_block(points, scale.image(), "{:.0f}");
}

Scale scale_of(const store::Store& store, std::size_t mel) {
  const auto experiment = config::parse(store.config_text(), store.path().string());
  const double rate = static_cast<double>(experiment.audio.sample_rate);
  Scale scale;
  scale.mel = mel;
  scale.bands = store.features()[mel].width;
  scale.frame_seconds = static_cast<double>(experiment.features.hop_length) / rate;
  scale.fmin = experiment.features.mel.fmin;
  scale.fmax = experiment.features.mel.fmax > 0 ? experiment.features.mel.fmax : rate / 2;
  return scale;
}

// Where things are, in pixels from the upper left.
struct Page {
  double names = 0;  // right end of the names of the classes
  double width = 0, height = 0;

  double left() const { return names + kTics; }
  double top_of(std::size_t row) const { return kTop + static_cast<double>(row) * (kHeight + kGapY); }
  double left_of(std::size_t column) const { return left() + static_cast<double>(column) * (kPanel + kGapX); }
};

Page page_for(const std::vector<ClassTracks>& shown) {
  std::size_t longest = 0;
  for (const ClassTracks& each : shown) longest = std::max(longest, each.name.size());
  Page page;
  page.names = 20 + kLetter * static_cast<double>(longest);
  page.width = page.left_of(kTracks) + kRight;
  page.height = page.top_of(shown.size()) + kBottom;
  return page;
}

// What stands once on the page, and what all panels share.
std::string page_commands(const std::string& title, const Page& page, const Scale& scale) {
  return fmt::format(
      "  set multiplot\n"
      "  set label 1 {title} at screen 0.5,{title_y} center font ',16' noenhanced\n"
      "  set label 2 'time (s)' at screen {time_x},{time_y} center textcolor rgb '#555555'\n"
      "  set label 3 'Hz' at screen {hz_x},{hz_y} right font ',12' textcolor rgb '#555555'\n"
      "  set label 4 'dB' at screen {db_x},{hz_y} left font ',12' textcolor rgb '#555555'\n"
      "  set palette maxcolors 256 defined {palette}\n"
      "  set cbrange [{floor}:0]\n"
      "  set colorbox user origin screen {db_x},{bar_y} size screen {bar_w},{bar_h} noborder\n"
      "  set cbtics ({floor}, -40, 0) scale 0 font ',12'\n"
      "  set border 15 linewidth 0.5 linecolor rgb '#bbbbbb'\n"
      "  set tics {tic_style}\n"
      "  set xtics ({time_tics})\n  set xrange [0:{seconds}]\n"
      "  set yrange [-0.5:{rows}-0.5]\n  unset key\n",
      fmt::arg("title", figures::gnuplot_string(title)), fmt::arg("title_y", 1 - 26 / page.height),
      fmt::arg("time_x", (page.left() + kTracks * (kPanel + kGapX) / 2) / page.width),
      fmt::arg("time_y", 18 / page.height), fmt::arg("hz_x", (page.left() - 8) / page.width),
      fmt::arg("hz_y", 1 - (kTop - 12) / page.height),
      fmt::arg("db_x", (page.width - kRight + 16) / page.width), fmt::arg("palette", figures::kNightPalette),
      fmt::arg("floor", kFloor), fmt::arg("bar_y", 1 - (kTop + kHeight) / page.height),
      fmt::arg("bar_w", 14 / page.width), fmt::arg("bar_h", kHeight / page.height),
      fmt::arg("tic_style", figures::kPanelTics), fmt::arg("time_tics", figures::time_tics(scale.seconds())),
      fmt::arg("seconds", scale.seconds()), fmt::arg("rows", scale.image().rows));
}

// The axes of the panels at the edges of the page alone have numbers.
std::string axes_of(std::size_t row, std::size_t column, std::size_t rows, const std::string& class_name,
                    const Page& page, const Scale& scale) {
  std::string commands = row + 1 < rows ? "  set format x ''\n" : "  set format x '%g'\n";
  if (column > 0) return commands + "  unset ytics\n";
  return commands + fmt::format("  set ytics ({}) {}\n  set label 6 {} at screen {},{} right noenhanced\n",
                                figures::mel_tics(scale.image(), scale.fmin, scale.fmax), figures::kPanelTics,
                                figures::gnuplot_string(class_name), page.names / page.width,
                                1 - (page.top_of(row) + kHeight / 2) / page.height);
}

std::string panel_commands(const std::string& file, std::size_t block, const std::string& id,
                           const figures::PanelBox& box, const Page& page, const Scale& scale) {
  return fmt::format(
      "{}  set label 5 {} at graph 0,1 left offset 0,0.5 font ',11' noenhanced textcolor rgb '#555555'\n"
      "  plot {}\n"
      "  unset label\n  unset colorbox\n",
      figures::panel_margins(box, page.width, page.height),
      figures::gnuplot_string(figures::shortened(id, kLongestName)),
      figures::image_of_block(file, block, scale.image(), scale.seconds()));
}

// The largest classes with the tracks to show; sets the time that all panels show.
std::vector<ClassTracks> choose(const store::Store& store, const std::vector<ClassTracks>& classes,
                                Scale& scale) {
  std::vector<ClassTracks> shown = largest(classes, kClasses);
  for (ClassTracks& each : shown) {
    each.tracks = pick(store, each.tracks);
    for (const std::size_t track : each.tracks) {
      scale.frames = std::max<std::size_t>(scale.frames, store.tracks()[track].frame_count);
    }
  }
  scale.frames = std::min(scale.frames, static_cast<std::size_t>(std::ceil(kSeconds / scale.frame_seconds)));
  return shown;
}

}  // namespace

std::optional<figures::Figure> gallery_figure(const std::string& name, const std::string& title,
                                              const store::Store& store,
                                              const std::vector<ClassTracks>& classes) {
  const auto& features = store.features();
  const auto mel = std::ranges::find_if(features, [](const auto& each) {
    return each.name == "mel" && each.kind == store::FeatureKind::kFrames;
  });
  if (mel == features.end()) return std::nullopt;
  Scale scale = scale_of(store, static_cast<std::size_t>(mel - features.begin()));
  const std::vector<ClassTracks> shown = choose(store, classes, scale);
  if (scale.frames == 0) return std::nullopt;

  const Page page = page_for(shown);
  figures::Figure figure{
      .name = name, .width = static_cast<int>(page.width), .height = static_cast<int>(page.height)};
  figure.data =
      fmt::format("# Blocks of {} bands by {} columns of time, {:.6g} s together; dB below the maximum.\n",
                  scale.image().rows, scale.image().columns, scale.seconds());
  figure.commands = page_commands(title, page, scale);
  std::size_t block = 0;
  for (std::size_t row = 0; row < shown.size(); ++row) {
    const ClassTracks& each = shown[row];
    for (std::size_t column = 0; column < each.tracks.size(); ++column, ++block) {
      const std::string& id = store.tracks()[each.tracks[column]].track.id;
      figure.data += fmt::format("{}# {}\t{}\n{}", block > 0 ? "\n\n" : "", figures::one_line(each.name),
                                 figures::one_line(id), block_of(store, scale, each.tracks[column]));
      figure.commands +=
          axes_of(row, column, shown.size(), each.name, page, scale) +
          panel_commands(name, block, id, {page.left_of(column), page.top_of(row), kPanel, kHeight}, page,
                         scale);
    }
  }
  figure.commands += "  unset multiplot\n";
  return figure;
}

}  // namespace chorale::inspect
