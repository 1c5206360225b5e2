// One track as notes: what is played, before any sound.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "ingest/synth/artist.hpp"
#include "pipeline/runtime/random.hpp"

namespace chorale::synth {

struct Note {
  Part part;
  double start, length;  // seconds
  double pitch;          // MIDI; drums ignore it
  double loudness;       // amplitude, 1 is normal
  Envelope envelope;
  Motion motion;
};

enum class Energy { kLow, kHigh };

struct Score {
  double tempo;  // beats a minute, a multiple of 0.5
  Key key;
  Energy energy;
  std::array<const Style*, kParts> follows;  // whose line each part plays
  std::array<bool, kParts> silent;
  std::array<double, kParts> level_db;  // this track's mix, on top of the artist's
  std::array<double, 5> equaliser_db;
  std::vector<Note> notes;
};

// A track of one artist in a style. Most of it follows the style; some parts are borrowed from another style,
// and some are left out, so the styles overlap as real ones do. A function of the arguments alone.
Score compose(const Style& style, const Artist& artist, double seconds, runtime::RandomStream draw);

std::string name_of(const Key& key);  // "C:maj", "F#:min"

// The quadrant of mode and energy: major is happy with much energy and tender with little; minor is tense and
// sad.
std::string mood_of(const Score& score);

}  // namespace chorale::synth
