// Beats by dynamic programming (Ellis 2007), equal to librosa.beat.beat_track 0.11, frame for frame.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ingest/features/tempo.hpp"

namespace chorale::features {

struct BeatTrack {
  double tempo = 0;                // beats per minute; 0 where there is no onset at all
  std::vector<std::size_t> beats;  // frames, ascending
};

// librosa/beat.py:212-264 and 456-699 with tightness 100 and trim on.
class BeatTracker {
 public:
  // Throws runtime::UsageError as TempoEstimator does.
  explicit BeatTracker(const OnsetOptions& options);

  // Of an envelope by the median over the bands. Precondition: at least one frame.
  BeatTrack track(std::span<const float> envelope);

 private:
  double frames_a_minute_;
  TempoEstimator tempo_;
};

}  // namespace chorale::features
