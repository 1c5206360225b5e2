// How regular the rhythm of a track is: one of the 103 features.
#pragma once

#include <span>

namespace chorale::features {

// The standard deviation of the autocorrelation of the onset envelope (by the mean over the bands, neither
// windowed nor normalised) at lags 0 ... 49, or at all lags of a shorter one:
// numpy.std(numpy.correlate(envelope, envelope, "full")[frames - 1:][:50]). 0 with 10 frames or fewer.
double rhythm_regularity(std::span<const float> envelope);

}  // namespace chorale::features
