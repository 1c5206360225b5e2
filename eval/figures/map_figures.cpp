#include "eval/figures/map_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "eval/figures/scatter_figure.hpp"

namespace chorale::eval {
namespace {

constexpr std::size_t kNamedClasses = 24, kNamedArtists = 12;

// "cnn, test part: t-SNE of 50 songs by genre (perplexity 16)"
std::string title_of(const char* method, const std::string& by, const SongMap& map, const MapText& text) {
  const std::string songs = map.songs.size() == text.songs
                                ? fmt::format("{} songs", text.songs)
                                : fmt::format("{} of {} songs", map.songs.size(), text.songs);
  return fmt::format("{}, {}: {} of {} by {}", text.model, text.part, method, songs, by);
}

std::vector<ScatterPoint> points_of(const std::vector<Point>& places, const std::vector<MappedSong>& songs,
                                    std::string MappedSong::*group) {
  std::vector<ScatterPoint> points;
  for (std::size_t i = 0; i < songs.size(); ++i) {
    const std::string& name = songs[i].*group;
    points.push_back({places[i], songs[i].id, name.empty() ? "unknown" : name});
  }
  return points;
}

bool some_share_an_artist(const std::vector<MappedSong>& songs) {
  std::set<std::string> seen;
  return std::ranges::any_of(songs, [&](const MappedSong& song) {
    return !song.artist.empty() && !seen.insert(song.artist).second;
  });
}

}  // namespace

std::vector<figures::Figure> map_figures(const SongMap& map, const std::vector<MappedSong>& songs,
                                         const MapText& text) {
  std::vector<figures::Figure> result;
  const auto draw = [&](const std::string& end, const std::string& by, std::size_t most_named,
                        std::string MappedSong::*group) {
    Scatter scatter{.name = "embedding_tsne_" + end, .title = "", .most_named = most_named};
    if (!map.tsne.empty()) {
      scatter.title = fmt::format("{} (perplexity {:.3g})", title_of("t-SNE", by, map, text), map.perplexity);
      result.push_back(scatter_figure(scatter, points_of(map.tsne, songs, group)));
    }
    scatter.name = "embedding_pca_" + end;
    scatter.title = title_of("PCA", by, map, text);
    for (std::size_t axis = 0; axis < 2; ++axis)
      scatter.axes[axis] =
          fmt::format("component {}: {:.1f} % of the variance", axis + 1, 100 * map.explained[axis]);
    result.push_back(scatter_figure(scatter, points_of(map.pca, songs, group)));
  };
  if (map.songs.empty()) return result;
  if (text.has_classes) draw("class", text.task, kNamedClasses, &MappedSong::label);
  if (some_share_an_artist(songs)) draw("artist", text.group, kNamedArtists, &MappedSong::artist);
  return result;
}

}  // namespace chorale::eval
