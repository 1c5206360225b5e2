// Maps of songs by their embeddings, coloured by what is known of them.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "eval/embedding/song_map.hpp"
#include "pipeline/figures/gnuplot.hpp"

namespace chorale::eval {

inline constexpr std::array kMapFigures = {"embedding_tsne_class", "embedding_tsne_artist",
                                           "embedding_pca_class", "embedding_pca_artist"};

struct MappedSong {
  std::string id, label, artist;  // artist may be empty: unknown
};

struct MapText {
  std::string model, part, group, task;  // group: "artist" or "group"
  std::size_t songs = 0;                 // of which some are on the map
  bool has_classes = true;               // one a song
};

// kMapFigures, but those of classes where songs have not one each, those of artists where no two songs have
// the same, t-SNE where there are too few songs. `songs` are those on the map.
std::vector<figures::Figure> map_figures(const SongMap& map, const std::vector<MappedSong>& songs,
                                         const MapText& text);

}  // namespace chorale::eval
