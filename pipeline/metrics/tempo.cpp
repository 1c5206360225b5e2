#include "pipeline/metrics/tempo.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace chorale::metrics {
namespace {

constexpr double kTolerance = 0.04;
constexpr std::array kFactors = {1.0, 2.0, 3.0, 1.0 / 2.0, 1.0 / 3.0};

bool hit(double estimate, double truth) { return std::abs(truth - estimate) <= kTolerance * std::abs(truth); }

}  // namespace

std::optional<TempoScores> score_tempo(std::span<const double> estimates, std::span<const double> truth) {
  if (truth.empty()) return std::nullopt;
  TempoScores scores;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (std::isnan(estimates[i])) return std::nullopt;
    scores.mean_absolute_error += std::abs(estimates[i] - truth[i]);
    scores.accuracy1 += hit(estimates[i], truth[i]);
    scores.accuracy2 += std::any_of(kFactors.begin(), kFactors.end(),
                                    [&](double factor) { return hit(estimates[i], factor * truth[i]); });
  }
  const auto n = static_cast<double>(truth.size());
  return TempoScores{scores.mean_absolute_error / n, scores.accuracy1 / n, scores.accuracy2 / n};
}

}  // namespace chorale::metrics
