// What a model said about every slice and song of one part, and the two CSV files that keep it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "eval/metrics/songs.hpp"

namespace chorale::eval {

struct SongInfo {
  std::string id, path, group;
  std::int32_t label = 0;
};

struct Predictions {
  std::vector<std::string> classes;
  std::vector<SongInfo> songs;
  SliceProbabilities slices = {};   // slices.song is an index into `songs`
  std::vector<double> starts = {};  // [slices] seconds from the beginning of the song
};

// predictions.csv: id, path, slice (from 0), start, label, predicted, p_<class>...; a row a slice.
// Probabilities have the nine digits that read back to the same float.
std::string predictions_csv(const Predictions& predictions);

// songs.csv: id, path, group, slices, label, predicted (by mean probability), voted, p_<class>... (the
// means).
std::string songs_csv(const Predictions& predictions, const std::vector<Song>& songs);

}  // namespace chorale::eval
