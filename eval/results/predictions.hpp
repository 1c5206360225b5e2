// What a model said about every slice and song of one part in one task, and the two CSV files that keep it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "eval/metrics/songs.hpp"
#include "pipeline/dataset/track.hpp"
#include "pipeline/metrics/confusion.hpp"
#include "pipeline/metrics/examples.hpp"
#include "pipeline/models/outputs.hpp"

namespace chorale::eval {

struct SongInfo {
  std::string id, path, group;
  dataset::Label label = {};  // known
};

struct Predictions {
  models::Output output = {};
  std::vector<double> thresholds = {};  // multi: one a class
  std::vector<SongInfo> songs = {};
  SliceProbabilities slices = {};          // slices.song is an index into `songs`; of regression, values
  std::vector<double> starts = {};         // [slices] seconds from the beginning of the song
  std::vector<std::uint32_t> of_run = {};  // [slices] index into OpenedRun::slices
};

// predictions.csv: id, path, slice (from 0), start, label, predicted, p_<class>...; a row a slice.
// Probabilities and values have the nine digits that read back to the same float. Several labels stand in one
// field, separated by "|".
std::string predictions_csv(const Predictions& predictions);

// songs.csv: id, path, group, slices, label, predicted (by mean probability or value), voted (one class a
// song alone), p_<class>... (the means).
std::string songs_csv(const Predictions& predictions, const std::vector<Song>& songs);

// The label as text: its class, several separated by "|", or a number. As it stands in both files.
std::string label_text(const models::Output& output, const dataset::Label& label);

// Every slice counts for its most probable class. Of tasks in which a song has one class.
metrics::Confusion count_slices(const Predictions& predictions);

// Slices, and songs by their means, beside their labels.
metrics::Examples slice_examples(const Predictions& predictions);
metrics::Examples song_examples(const Predictions& predictions, const std::vector<Song>& songs);

}  // namespace chorale::eval
