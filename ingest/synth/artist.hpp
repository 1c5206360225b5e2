// What one artist sounds like and prefers to play. Drawn from the same distributions whatever the style, so
// that sound tells the artist, and no more of the style than that.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "ingest/synth/style.hpp"
#include "ingest/synth/tone.hpp"

namespace chorale::synth {

struct Key {
  int tonic;  // 0 is C
  bool minor;
};

// A melodic instrument.
struct Instrument {
  std::array<double, kHarmonics> harmonics;  // amplitudes
  double centre;                             // MIDI pitch it plays around
  double attack;                             // seconds
  double decay;                              // seconds to 1/e, of plucked (and mirrored) notes
};

struct DrumKit {
  double kick_pitch, kick_decay;                // Hz, seconds
  double snare_pitch, snare_decay, snare_hiss;  // Hz, seconds, share of noise
  double hat_decay, hat_brightness;             // seconds, 0 .. 1
};

struct EqualiserBand {
  double frequency, gain_db, q;
};

struct Artist {
  std::string name;
  double tempo_low, tempo_high;  // BPM
  std::array<Key, 4> keys;       // two major, two minor
  double tuning;                 // semitones from 440 Hz
  Instrument bass, chords, lead;
  DrumKit kit;
  std::array<double, kParts> level_db;
  std::array<EqualiserBand, 5> equaliser;
  double room_decay, room_level;  // seconds to -60 dB; share of the reverberation
  double hiss_db;                 // of the noise floor, relative to the music
  double loudness_db;             // RMS of the track, relative to full scale

  const Instrument& instrument(Part part) const {
    return part == Part::kBass ? bass : part == Part::kChords ? chords : lead;
  }
};

// A function of its arguments alone. `number` is the artist's place within the style.
Artist make_artist(std::uint64_t seed, std::size_t style, std::size_t number);

}  // namespace chorale::synth
