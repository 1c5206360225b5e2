// Spectral contrast as librosa 0.11 (feature/spectral.py:470-529): by octave bands, how far the loudest bins
// of a frame stand above the quietest, in dB.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "ingest/features/frames.hpp"

namespace chorale::features {

struct ContrastOptions {
  double sample_rate = 22050;  // Hz
  std::size_t n_fft = 2048;
  std::size_t n_bands = 6;  // above the first, which ends at fmin
  double fmin = 200;        // Hz
  double quantile = 0.02;   // of a band's bins, at least one, are its peak and its valley
};

// Frame by frame, then finish(): the floor of the dB is 80 below the largest value of the whole track.
class SpectralContrast {
 public:
  // Throws FeatureError where a band begins above half the sample rate or has no bin.
  explicit SpectralContrast(const ContrastOptions& options);

  std::size_t bands() const { return bands_.size(); }  // n_bands + 1

  void begin(std::size_t frames);
  // Frames in any order; magnitude [1 + n_fft/2].
  void add(std::size_t frame, std::span<const float> magnitude);
  // dB(peak) - dB(valley), [frames, bands].
  void finish(Frames& contrast);

 private:
  struct Band {
    std::size_t first = 0, count = 0;  // bins
    std::size_t extreme = 0;           // how many of them are the peak, and the valley
  };

  // Eight frames at a time, one in each lane of a vector.
  static constexpr std::size_t kLanes = 8;
  void finish_block();

  std::vector<Band> bands_;
  Frames peaks_, valleys_;
  std::vector<float> block_;                // magnitudes, [1 + n_fft/2, kLanes]
  std::array<std::size_t, kLanes> frames_;  // in the block
  std::size_t count_ = 0;                   // of them
  std::vector<float> lowest_, highest_;     // [extreme, kLanes]
};

}  // namespace chorale::features
