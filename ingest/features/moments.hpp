// Statistics of a feature over time, as FMA's features.py takes them from numpy and scipy.stats.
#pragma once

#include <span>
#include <vector>

#include "ingest/features/frames.hpp"

namespace chorale::features {

// Population moments. Where the values do not vary (variance <= (1e-6 mean)^2, scipy's own test for single
// precision) skew is 0 and kurtosis -3, as scipy gave them when FMA used it; today it gives NaN.
struct CentralMoments {
  double mean = 0, std = 0, skew = 0, kurtosis = 0;
};

struct Moments : CentralMoments {
  double median = 0, min = 0, max = 0;
};

// Precondition of all: at least one value.
CentralMoments central_moments(std::span<const float> values);

// Reorders the values.
Moments moments(std::span<float> values);

// Of each bin over the frames: [bins].
std::vector<Moments> moments(const Frames& frames);

struct MeanStd {
  double mean = 0, std = 0;
};
MeanStd mean_std(std::span<const float> values);
// Of each bin over the frames: [bins].
std::vector<MeanStd> mean_std(const Frames& frames);

}  // namespace chorale::features
