// Decibels as librosa.power_to_db with ref=1.0, amin=1e-10 and top_db=None.
#pragma once

#include <span>

namespace chorale::features {

inline constexpr float kAmin = 1e-10F;  // power below it counts as it: -100 dB

// 10 log10(max(kAmin, power)), in place. Up to 100 dB within 2e-5 dB of the exact value, twice a float's
// resolution there, and the same bits on every machine. Precondition: finite.
void power_to_db(std::span<float> values);

}  // namespace chorale::features
