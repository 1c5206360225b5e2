// The tracks of a collection as music, whatever files they become.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ingest/synth/artist.hpp"
#include "ingest/synth/score.hpp"
#include "pipeline/runtime/error.hpp"
#include "pipeline/runtime/random.hpp"

namespace chorale::synth {

struct CollectionError : runtime::UsageError {
  using UsageError::UsageError;
};

struct Options {
  std::string layout = "gtzan";
  std::size_t tracks_per_class = 30;
  double seconds = 12.0;  // a track
  std::uint64_t seed = 0;
  std::size_t artists_per_class = 10;
  bool faults = false;
};

// Tracks are numbered style after style. Everything about one is a function of the seed, its style and its
// number within the style.
class Music {
 public:
  explicit Music(Options options) : options_(std::move(options)) {}

  const Options& options() const { return options_; }
  std::size_t size() const { return styles().size() * options_.tracks_per_class; }
  std::size_t style(std::size_t track) const { return track / options_.tracks_per_class; }
  std::size_t number(std::size_t track) const { return track % options_.tracks_per_class; }
  // Within the style; artists take turns.
  std::size_t artist_number(std::size_t track) const { return number(track) % options_.artists_per_class; }
  std::string title(std::size_t track) const;

  Artist artist(std::size_t track) const;
  Score score(std::size_t track) const;
  std::vector<std::int16_t> samples(std::size_t track) const;  // as render

  // Random numbers of this track.
  runtime::RandomStream stream(const char* purpose, std::size_t track) const;

 private:
  Options options_;
};

}  // namespace chorale::synth
