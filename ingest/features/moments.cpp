#include "ingest/features/moments.hpp"

#include <algorithm>
#include <cmath>

#include "ingest/features/sums.hpp"
#include "ingest/features/vector.hpp"

namespace chorale::features {
namespace {

struct Powers {
  double second = 0, third = 0, fourth = 0;  // sums of powers of the distances from the mean
};

CHORALE_VECTORISED Powers powers_around(std::span<const float> values, double mean) {
  Double4 second = {}, third = {}, fourth = {}, distance;
  std::size_t i = 0;
  for (; i + 4 <= values.size(); i += 4) {
    load(&values[i], distance);
    distance -= mean;
    const Double4 square = distance * distance;
    second += square;
    third += square * distance;
    fourth += square * square;
  }
  Powers sums;
  for (; i < values.size(); ++i) {
    const double rest = static_cast<double>(values[i]) - mean, square = rest * rest;
    sums.second += square;
    sums.third += square * rest;
    sums.fourth += square * square;
  }
  for (int lane = 0; lane < 4; ++lane) {
    sums.second += second[lane];
    sums.third += third[lane];
    sums.fourth += fourth[lane];
  }
  return sums;
}

double median(std::span<float> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  const double upper = static_cast<double>(*middle);
  if (values.size() % 2 == 1) return upper;
  return 0.5 * (upper + static_cast<double>(*std::max_element(values.begin(), middle)));
}

template <class Result, class Statistic>
std::vector<Result> of_each_bin(const Frames& frames, const Statistic& statistic) {
  std::vector<Result> results;
  results.reserve(frames.bins());
  std::vector<float> column(frames.frames());
  for (std::size_t bin = 0; bin < frames.bins(); ++bin) {
    for (std::size_t frame = 0; frame < column.size(); ++frame) column[frame] = frames[frame][bin];
    results.push_back(statistic(column));
  }
  return results;
}

}  // namespace

CentralMoments central_moments(std::span<const float> values) {
  const auto n = static_cast<double>(values.size());
  CentralMoments result;
  result.mean = sum(values) / n;
  const Powers powers = powers_around(values, result.mean);
  const double variance = powers.second / n, resolution = 1e-6 * result.mean;
  result.std = std::sqrt(variance);
  const bool varies = variance > resolution * resolution;
  result.skew = varies ? powers.third / n / (variance * result.std) : 0.0;
  result.kurtosis = (varies ? powers.fourth / n / (variance * variance) : 0.0) - 3.0;
  return result;
}

Moments moments(std::span<float> values) {
  const CentralMoments central = central_moments(values);
  const auto [low, high] = std::ranges::minmax(values);
  return {central, median(values), static_cast<double>(low), static_cast<double>(high)};
}

std::vector<Moments> moments(const Frames& frames) {
  return of_each_bin<Moments>(frames, [](std::span<float> column) { return moments(column); });
}

MeanStd mean_std(std::span<const float> values) {
  const CentralMoments all = central_moments(values);
  return {all.mean, all.std};
}

std::vector<MeanStd> mean_std(const Frames& frames) {
  return of_each_bin<MeanStd>(
      frames, [](std::span<float> column) { return mean_std(std::span<const float>(column)); });
}

}  // namespace chorale::features
