// The synthetic collection as a tree of files, laid out as GTZAN is:
//   DIR/genres/<style>/<style>.000NN.wav   tracks, with artist and title in their tags
//   DIR/synth.json                         the parameters; written first
//   DIR/ground_truth.csv                   path,genre,artist,tempo,key,mood; written last
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "ingest/synth/artist.hpp"
#include "ingest/synth/score.hpp"
#include "pipeline/comm/mpi.hpp"
#include "pipeline/runtime/error.hpp"

namespace chorale::synth {

struct CollectionError : runtime::UsageError {
  using UsageError::UsageError;
};

struct Options {
  std::size_t tracks_per_class = 30;
  double seconds = 12.0;  // a track
  std::uint64_t seed = 0;
  std::size_t artists_per_class = 10;
  bool faults = false;
};

class Collection {
 public:
  Collection(std::filesystem::path folder, const Options& options)
      : folder_(std::move(folder)), options_(options) {}

  // Writes what is missing; tracks are dealt out to the ranks by their number. Collective. Throws
  // CollectionError when the folder holds anything but a collection of the same parameters,
  // runtime::Interrupted after a stop signal.
  void write(const comm::MpiSession& session) const;

  std::size_t size() const;                   // tracks
  std::string path(std::size_t track) const;  // relative to the folder
  Artist artist(std::size_t track) const;
  Score score(std::size_t track) const;

  // RFC 4180, one line a track.
  std::string ground_truth() const;

 private:
  void check_folder() const;
  void prepare_folder() const;
  void write_track(std::size_t track) const;
  std::string parameters() const;  // JSON
  runtime::RandomStream stream(const char* purpose, std::size_t track) const;
  std::size_t style(std::size_t track) const { return track / options_.tracks_per_class; }
  std::size_t number(std::size_t track) const { return track % options_.tracks_per_class; }

  std::filesystem::path folder_;
  Options options_;
};

}  // namespace chorale::synth
