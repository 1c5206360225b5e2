#include "pipeline/features/mel_scale.hpp"

#include <cmath>

namespace chorale::features {
namespace {

constexpr double kHzPerMel = 200.0 / 3.0;
constexpr double kBreakHz = 1000.0;
constexpr double kBreakMel = kBreakHz / kHzPerMel;
const double kLogStep = std::log(6.4) / 27.0;

}  // namespace

double hz_to_mel(double hz) {
  return hz < kBreakHz ? hz / kHzPerMel : kBreakMel + std::log(hz / kBreakHz) / kLogStep;
}

double mel_to_hz(double mel) {
  return mel < kBreakMel ? mel * kHzPerMel : kBreakHz * std::exp(kLogStep * (mel - kBreakMel));
}

double mel_band_of(double hz, double fmin, double fmax, std::size_t n_mels) {
  const double low = hz_to_mel(fmin);
  const double step = (hz_to_mel(fmax) - low) / static_cast<double>(n_mels + 1);
  return (hz_to_mel(hz) - low) / step - 1.0;
}

}  // namespace chorale::features
