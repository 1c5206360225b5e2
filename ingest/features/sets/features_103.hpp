// The vector of 103 figures that multi-task classifiers are trained on, by name: basic 2, temporal 6,
// spectral 46, harmonic 38, rhythmic 4, statistical 7. docs/features.md defines each.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "ingest/features/beat.hpp"
#include "ingest/features/frames.hpp"
#include "ingest/features/tempogram.hpp"

namespace chorale::features {

// What the figures are taken of: one track. Frames are [frames, bins]; series are [frames].
struct Features103Input {
  double sample_rate = 22050;      // Hz
  std::span<const float> samples;  // at least one
  const BeatTrack& beats;
  std::size_t onset_count = 0;
  std::span<const float> zero_crossing_rate, spectral_centroid, spectral_rolloff, spectral_bandwidth;
  const Frames& mfcc;      // at least 13 coefficients, of which the first 13 are taken
  const Frames& contrast;  // 7 bands
  const Frames& chroma;    // chroma_stft
  const Frames& tonnetz;   // of chroma_cqt
  TempogramSummary tempogram;
  std::span<const float> onset_envelope;  // by the mean
};

// The columns, in the order of the values: "duration", "sample_rate", "tempo", ..., "dynamic_range".
const std::vector<std::string>& features_103_names();

// [103]
void features_103(const Features103Input& input, std::vector<float>& values);

}  // namespace chorale::features
