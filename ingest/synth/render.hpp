// A score to the samples of a track: every part at the artist's level, then room, equaliser and noise floor.
#pragma once

#include <cstdint>
#include <vector>

#include "ingest/synth/score.hpp"

namespace chorale::synth {

// Mono 16 bit samples at kSampleRate, floor(seconds * kSampleRate) of them. A function of the arguments
// alone.
std::vector<std::int16_t> render(const Score& score, const Artist& artist, double seconds,
                                 runtime::RandomStream noise);

}  // namespace chorale::synth
