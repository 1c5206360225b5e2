// What happens to the sum of all parts. In place, mono, kSampleRate.
#pragma once

#include <span>

#include "ingest/synth/artist.hpp"
#include "pipeline/runtime/random.hpp"

namespace chorale::synth {

// Reverberation by four parallel comb filters (M. R. Schroeder, "Natural sounding artificial reverberation",
// 1962). `decay_time` in seconds to -60 dB; `share` 0 .. 1 of the result is reverberation.
void add_room(std::span<float> samples, double decay_time, double share);

// One peaking filter (R. Bristow-Johnson, Audio EQ Cookbook, peakingEQ).
void equalise(std::span<float> samples, const EqualiserBand& band);

// White noise of this RMS.
void add_hiss(std::span<float> samples, double rms, runtime::RandomStream noise);

}  // namespace chorale::synth
