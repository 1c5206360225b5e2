#include "ingest/features/key.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace chorale::features {
namespace {

// Krumhansl, Cognitive Foundations of Musical Pitch (1990), table 2.1: ratings from the tonic up.
constexpr MeanChroma kMajor = {6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88};
constexpr MeanChroma kMinor = {6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17};

double sum(const MeanChroma& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

// 0 where either does not vary.
double correlation(const MeanChroma& a, const MeanChroma& b) {
  const double mean_a = sum(a) / kPitchClasses, mean_b = sum(b) / kPitchClasses;
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < kPitchClasses; ++i) {
    ab += (a[i] - mean_a) * (b[i] - mean_b);
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

}  // namespace

std::string KeyEstimate::name() const {
  constexpr std::array kNames = {"C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"};
  return std::string(kNames[tonic]) + (mode == Mode::kMinor ? ":min" : ":maj");
}

MeanChroma mean_chroma(const Frames& chroma) {
  MeanChroma means = {};
  for (std::size_t frame = 0; frame < chroma.frames(); ++frame) {
    for (std::size_t i = 0; i < kPitchClasses; ++i) means[i] += static_cast<double>(chroma[frame][i]);
  }
  for (double& mean : means) mean /= static_cast<double>(std::max<std::size_t>(1, chroma.frames()));
  return means;
}

KeyEstimate estimate_key(const MeanChroma& chroma) {
  KeyEstimate best{.confidence = -2};
  for (const Mode mode : {Mode::kMajor, Mode::kMinor}) {
    for (std::size_t tonic = 0; tonic < kPitchClasses; ++tonic) {
      MeanChroma from_tonic = chroma;
      std::rotate(from_tonic.begin(), from_tonic.begin() + static_cast<std::ptrdiff_t>(tonic),
                  from_tonic.end());
      const double fit = correlation(from_tonic, mode == Mode::kMajor ? kMajor : kMinor);
      if (fit > best.confidence) best = {tonic, mode, fit};
    }
  }
  return best;
}

KeyEstimate strongest_pitch_class(const MeanChroma& chroma) {
  const auto strongest = std::max_element(chroma.begin(), chroma.end());
  const double total = sum(chroma);
  return {static_cast<std::size_t>(strongest - chroma.begin()), Mode::kMajor,
          total > 0 ? *strongest / total : 0};
}

}  // namespace chorale::features
