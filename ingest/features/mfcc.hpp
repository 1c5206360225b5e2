// Mel frequency cepstral coefficients and their changes, as librosa 0.11 (feature/spectral.py:1991-2006,
// feature/utils.py:20-118).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ingest/features/frames.hpp"

namespace chorale::features {

// Of dB, no lower than 80 below the largest value of the track, the orthonormal DCT-II: no lifter.
class Mfcc {
 public:
  // Throws FeatureError when there are more coefficients than mels.
  Mfcc(std::size_t n_mels, std::size_t n_mfcc);

  std::size_t n_mfcc() const { return n_mfcc_; }
  // mel: dB with reference 1 and no floor, [frames, n_mels], as of Analysis::mel(). mfcc: [frames, n_mfcc].
  void compute(std::span<const float> mel, Frames& mfcc);

 private:
  std::size_t n_mels_, n_mfcc_;
  std::vector<float> basis_;  // [n_mfcc, n_mels]
  std::vector<float> row_;
};

enum class Derivative { kFirst, kSecond };

// The derivative over time of the polynomial of that degree that fits nine frames best (Savitzky and Golay),
// per frame. The four frames at each end take that of the nearest full nine ("interp"). A track of fewer than
// nine frames, which librosa refuses, goes on with its first and last frame ("nearest"). [frames, bins] in
// and out.
void delta(const Frames& features, Derivative derivative, Frames& result);

}  // namespace chorale::features
