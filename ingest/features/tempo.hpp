// The tempo of a track, equal to librosa.feature.tempo 0.11 (librosa/feature/rhythm.py:409-453).
#pragma once

#include <span>
#include <vector>

#include "ingest/features/onset.hpp"
#include "ingest/features/tempogram.hpp"

namespace chorale::features {

// The lag at which the envelope repeats itself best: the largest log(1 + 1e6 a) of the tempogram's mean a
// over the track (windows of 8 s), weighted by a log-normal prior about 120 BPM that is one octave wide,
// below 320 BPM. So the tempo is 60 sample_rate / (hop_length lag) of a whole number of frames; 117.5 BPM in
// silence at 22050 Hz / 512.
class TempoEstimator {
 public:
  // Throws runtime::UsageError where 8 s are fewer than two frames.
  explicit TempoEstimator(const OnsetOptions& options);

  // In beats per minute. Precondition: at least one frame.
  double estimate(std::span<const float> envelope);

 private:
  Tempogram tempogram_;
  std::vector<double> tempi_, prior_;  // [lags]
};

}  // namespace chorale::features
