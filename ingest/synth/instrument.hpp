// Notes to sound.
#pragma once

#include <span>
#include <vector>

#include "ingest/synth/score.hpp"

namespace chorale::synth {

// Adds a note of bass, chords or lead to `out` (mono, kSampleRate, from the start of the track).
void add_note(const Note& note, const Instrument& instrument, const Wavetable& wave, std::span<float> out);

// One stroke of a drum; `noise` is used by snare and hat.
std::vector<float> drum_stroke(Part drum, const DrumKit& kit, runtime::RandomStream noise);

}  // namespace chorale::synth
