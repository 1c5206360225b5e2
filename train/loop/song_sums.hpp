// Predictions of slices, summed up for the songs they are of.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "pipeline/metrics/examples.hpp"
#include "pipeline/models/outputs.hpp"
#include "pipeline/samples/slices.hpp"
#include "pipeline/store/store.hpp"

namespace chorale::train {

// Every rank makes one of all slices, adds those it has predicted, and sums values() over ranks.
class SongSums {
 public:
  // Keeps references to outputs and tracks.
  SongSums(std::span<const models::Output> outputs, std::span<const store::StoredTrack> tracks,
           std::span<const samples::Slice> slices);

  // `predictions` [n, width] (models::predictions_of) of slices of these tracks.
  void add(std::span<const std::uint32_t> tracks, std::span<const float> predictions);

  std::span<double> values() { return values_; }

  // The mean prediction of each song with a known label.
  metrics::Examples songs(std::size_t task) const;
  // single, key: part of the slices with a known label whose largest probability is the label's.
  double slice_accuracy(std::size_t task) const;

 private:
  struct Song {
    std::uint32_t track = 0;
    std::int64_t slices = 0;
  };
  const dataset::Label& label(std::uint32_t track, std::size_t task) const {
    return tracks_[track].track.labels.at(task);
  }

  std::span<const models::Output> outputs_;
  std::span<const store::StoredTrack> tracks_;
  std::vector<Song> songs_;                       // in the order of their slices
  std::map<std::uint32_t, std::size_t> song_of_;  // by track
  std::size_t width_;
  std::vector<double> values_;  // [songs, width] sums of predictions, then [tasks] slices that are right
};

}  // namespace chorale::train
