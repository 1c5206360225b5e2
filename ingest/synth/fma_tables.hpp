// FMA's tracks.csv and genres.csv (github.com/mdeff/fma): the columns by name and order, the quoting and the
// line ends that pandas writes.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace chorale::synth {

struct FmaRow {
  int id = 0;
  std::string title;
  int artist_id = 0;
  std::string artist;
  std::string style;
  int album = 0, number = 0;  // of the artist's albums; on the album. From 1.
  std::string split;          // training, validation, test
  std::string subset;         // small, medium, large: the smallest that the track is in
  std::vector<int> genres;    // without those above them
};

// Three header lines, a line a row. What a label is not made of is a function of the ids; track.duration is
// that of the song a clip was cut from, of no use for the clip.
std::string fma_tracks_csv(std::span<const FmaRow> rows);

// One line a genre of the tree, with the number of rows that have it.
std::string fma_genres_csv(std::span<const FmaRow> rows);

}  // namespace chorale::synth
