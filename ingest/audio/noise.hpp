// White noise added to a recording at a given distance below it.
#pragma once

#include <span>

#include "pipeline/runtime/random.hpp"

namespace chorale::audio {

// Gaussian noise whose power is that of the samples divided by 10^(snr_db / 10), in place. The same bits on
// every machine: beside the stream's integers it takes additions, multiplications, divisions and square roots
// alone, no logarithm of the machine's library. Samples may exceed full scale (1.0): they are not clipped.
// Throws EffectError: no samples, silence.
void add_noise(std::span<float> samples, double snr_db, runtime::RandomStream stream);

// All samples times 10^(db / 20), in place. What exceeds full scale stays, as samples are floats.
void apply_gain(std::span<float> samples, double db);

}  // namespace chorale::audio
