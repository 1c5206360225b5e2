// Frames of unit norm, as librosa.util.normalize(axis=-2).
#pragma once

#include "ingest/features/frames.hpp"

namespace chorale::features {

enum class Norm { kMax, kSum, kEuclidean };

// Every frame divided by its norm, computed in double; a frame whose norm is below the smallest normal float
// stays as it is (silence: zeros). `normalized` may be `frames` itself.
void normalize_frames(const Frames& frames, Norm norm, Frames& normalized);

}  // namespace chorale::features
