// FMA's 518 features: 7 moments over time of 74 channels, with the columns of its features.csv
// (github.com/mdeff/fma, features.py). docs/features.md defines each.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ingest/features/frames.hpp"

namespace chorale::features {

// One track. Frames are [frames, bins]; series are [frames].
struct Features518Input {
  const Frames& chroma_cens;  // of a constant-Q transform of 12 bins an octave, as chroma_cqt
  const Frames& chroma_cqt;
  const Frames& chroma_stft;
  const Frames& mfcc;                   // at least 20 coefficients, of which the first 20 are taken
  std::span<const float> spectral_rms;  // of the magnitudes, not of the samples: spectral_rms()
  std::span<const float> spectral_bandwidth, spectral_centroid;
  const Frames& spectral_contrast;
  std::span<const float> spectral_rolloff;
  const Frames& tonnetz;  // of chroma_cens
  std::span<const float> zero_crossing_rate;
};

// The columns, in the order of the values, sorted by feature, statistic and number as in features.csv:
// "chroma_cens_kurtosis_01", ..., "zcr_std_01".
const std::vector<std::string>& features_518_names();

// [518]
void features_518(const Features518Input& input, std::vector<float>& values);

}  // namespace chorale::features
