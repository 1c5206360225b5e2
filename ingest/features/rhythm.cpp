#include "ingest/features/rhythm.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace chorale::features {
namespace {

constexpr std::size_t kLags = 50, kFewestFrames = 11;

double correlation(std::span<const float> values, std::size_t lag) {
  constexpr std::size_t kLanes = 8;
  std::array<double, kLanes> lanes = {};
  const std::size_t count = values.size() - lag;
  for (std::size_t i = 0; i < count; ++i) {
    lanes[i % kLanes] += static_cast<double>(values[i]) * static_cast<double>(values[i + lag]);
  }
  double sum = 0;
  for (const double lane : lanes) sum += lane;
  return sum;
}

}  // namespace

double rhythm_regularity(std::span<const float> envelope) {
  if (envelope.size() < kFewestFrames) return 0;
  std::vector<double> lags(std::min(kLags, envelope.size()));
  double sum = 0, squares = 0;
  for (std::size_t lag = 0; lag < lags.size(); ++lag) sum += lags[lag] = correlation(envelope, lag);
  const double mean = sum / static_cast<double>(lags.size());
  for (const double value : lags) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(lags.size()));
}

}  // namespace chorale::features
