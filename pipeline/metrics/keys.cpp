#include "pipeline/metrics/keys.hpp"

namespace chorale::metrics {
namespace {

constexpr std::int32_t kTonics = 12;

}  // namespace

double key_score(std::int32_t truth, std::int32_t estimate) {
  const std::int32_t interval = (estimate % kTonics - truth % kTonics + kTonics) % kTonics;
  const bool truth_is_major = truth < kTonics, estimate_is_major = estimate < kTonics;
  if (truth_is_major == estimate_is_major) {
    if (interval == 0) return 1.0;
    return interval == 7 ? 0.5 : 0.0;
  }
  if (interval == (truth_is_major ? 9 : 3)) return 0.3;
  return interval == 0 ? 0.2 : 0.0;
}

}  // namespace chorale::metrics
