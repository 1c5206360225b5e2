#include "ingest/features/chroma_cqt.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "ingest/features/chroma_stft.hpp"
#include "ingest/features/normalize.hpp"

namespace chorale::features {
namespace {

constexpr std::size_t kSmoothing = 43;  // win_len_smooth + 2: the outermost two weights are zero

// The symmetric Hann window of 43 points, of sum 1.
std::array<double, kSmoothing> smoothing_window() {
  std::array<double, kSmoothing> window;
  double sum = 0;
  for (std::size_t i = 0; i < kSmoothing; ++i) {
    window[i] = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / (kSmoothing - 1));
    sum += window[i];
  }
  for (double& weight : window) weight /= sum;
  return window;
}

// 0.25 for each of librosa's QUANT_STEPS below.
void quantize(Frames& shares) {
  for (float& share : shares.values()) {
    float steps = 0;
    for (const float step : {0.4F, 0.2F, 0.1F, 0.05F}) steps += share > step ? 0.25F : 0.0F;
    share = steps;
  }
}

// scipy.ndimage.convolve(mode="constant") over time: zeros beyond both ends.
void smooth(const Frames& steps, Frames& smoothed) {
  static const auto window = smoothing_window();
  constexpr std::size_t kHalf = kSmoothing / 2;
  smoothed.resize(steps.frames(), steps.bins());
  for (std::size_t frame = 0; frame < steps.frames(); ++frame) {
    std::array<double, kPitchClasses> sums = {};
    const std::size_t end = std::min(steps.frames(), frame + kHalf + 1);
    for (std::size_t other = frame > kHalf ? frame - kHalf : 0; other < end; ++other) {
      const double weight = window[frame + kHalf - other];
      const std::span<const float> values = steps[other];
      for (std::size_t pitch = 0; pitch < kPitchClasses; ++pitch) {
        sums[pitch] += weight * static_cast<double>(values[pitch]);
      }
    }
    std::transform(sums.begin(), sums.end(), smoothed[frame].begin(),
                   [](double sum) { return static_cast<float>(sum); });
  }
}

using TonnetzBasis = std::array<std::array<double, kPitchClasses>, kTonnetzDimensions>;

TonnetzBasis tonnetz_basis() {
  constexpr std::array kTurns = {7.0 / 6, 7.0 / 6, 3.0 / 2, 3.0 / 2, 2.0 / 3, 2.0 / 3};
  constexpr std::array kRadii = {1.0, 1.0, 1.0, 1.0, 0.5, 0.5};
  TonnetzBasis basis;
  for (std::size_t i = 0; i < kTonnetzDimensions; ++i) {
    for (std::size_t pitch = 0; pitch < kPitchClasses; ++pitch) {
      const double turn = kTurns[i] * static_cast<double>(pitch) - (i % 2 == 0 ? 0.5 : 0.0);
      basis[i][pitch] = kRadii[i] * std::cos(std::numbers::pi * turn);
    }
  }
  return basis;
}

}  // namespace

void fold_octaves(const Frames& cqt, std::size_t bins_per_octave, Frames& chroma) {
  const std::size_t per_class = bins_per_octave / kPitchClasses;
  std::vector<std::size_t> class_of(bins_per_octave);
  for (std::size_t bin = 0; bin < bins_per_octave; ++bin) {
    class_of[bin] = (bin + per_class / 2) / per_class % kPitchClasses;  // the bins around a pitch
  }
  chroma.resize(cqt.frames(), kPitchClasses);
  for (std::size_t frame = 0; frame < cqt.frames(); ++frame) {
    std::array<float, kPitchClasses> sums = {};
    const std::span<const float> bins = cqt[frame];
    for (std::size_t octave = 0; octave < bins.size(); octave += bins_per_octave) {
      for (std::size_t bin = 0; bin < bins_per_octave; ++bin) sums[class_of[bin]] += bins[octave + bin];
    }
    std::copy(sums.begin(), sums.end(), chroma[frame].begin());
  }
}

void chroma_cqt(const Frames& folded, Frames& chroma) { normalize_frames(folded, Norm::kMax, chroma); }

void chroma_cens(const Frames& folded, Frames& cens) {
  Frames steps;
  normalize_frames(folded, Norm::kSum, steps);
  quantize(steps);
  smooth(steps, cens);
  normalize_frames(cens, Norm::kEuclidean, cens);
}

void tonnetz(const Frames& chroma, Frames& centroids) {
  static const TonnetzBasis basis = tonnetz_basis();
  Frames shares;
  normalize_frames(chroma, Norm::kSum, shares);
  centroids.resize(chroma.frames(), kTonnetzDimensions);
  for (std::size_t frame = 0; frame < chroma.frames(); ++frame) {
    for (std::size_t i = 0; i < kTonnetzDimensions; ++i) {
      double sum = 0;
      for (std::size_t pitch = 0; pitch < kPitchClasses; ++pitch) {
        sum += basis[i][pitch] * static_cast<double>(shares[frame][pitch]);
      }
      centroids[frame][i] = static_cast<float>(sum);
    }
  }
}

}  // namespace chorale::features
