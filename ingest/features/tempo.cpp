#include "ingest/features/tempo.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "pipeline/runtime/error.hpp"

namespace chorale::features {
namespace {

constexpr double kWindowSeconds = 8;
constexpr double kStartBpm = 120, kMaxBpm = 320;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::size_t window_frames(const OnsetOptions& options) {
  const auto samples = static_cast<std::size_t>(kWindowSeconds * options.sample_rate);
  const std::size_t frames = samples / options.hop_length;
  if (frames < 2) {
    throw runtime::UsageError("a hop_length of " + std::to_string(options.hop_length) +
                              " samples is too long to find a tempo: choose at most " +
                              std::to_string(samples / 2));
  }
  return frames;
}

std::vector<double> tempi_of_lags(const OnsetOptions& options, std::size_t lags) {
  std::vector<double> tempi(lags, kInfinity);
  for (std::size_t lag = 1; lag < lags; ++lag) {
    tempi[lag] =
        60.0 * options.sample_rate / (static_cast<double>(options.hop_length) * static_cast<double>(lag));
  }
  return tempi;
}

double log_prior(double tempo) {
  if (tempo >= kMaxBpm) return -kInfinity;
  const double octaves = std::log2(tempo) - std::log2(kStartBpm);
  return -0.5 * octaves * octaves;
}

}  // namespace

TempoEstimator::TempoEstimator(const OnsetOptions& options)
    : tempogram_(window_frames(options)), tempi_(tempi_of_lags(options, tempogram_.win_length())) {
  for (const double tempo : tempi_) prior_.push_back(log_prior(tempo));
}

double TempoEstimator::estimate(std::span<const float> envelope) {
  const auto strength = tempogram_.mean(envelope);
  std::size_t best = 1;
  double best_score = -kInfinity;
  for (std::size_t lag = 1; lag < tempi_.size(); ++lag) {
    const double score = std::log1p(1e6 * strength[lag]) + prior_[lag];
    if (score > best_score) {
      best = lag;
      best_score = score;
    }
  }
  return tempi_[best];
}

}  // namespace chorale::features
