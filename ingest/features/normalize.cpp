#include "ingest/features/normalize.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace chorale::features {
namespace {

double length(std::span<const float> values, Norm norm) {
  double sum = 0, maximum = 0, squares = 0;
  for (const float value : values) {
    const double magnitude = std::abs(static_cast<double>(value));
    maximum = std::max(maximum, magnitude);
    sum += magnitude;
    squares += magnitude * magnitude;
  }
  return norm == Norm::kMax ? maximum : norm == Norm::kSum ? sum : std::sqrt(squares);
}

}  // namespace

void normalize_frames(const Frames& frames, Norm norm, Frames& normalized) {
  normalized.resize(frames.frames(), frames.bins());
  for (std::size_t frame = 0; frame < frames.frames(); ++frame) {
    const double norm_of_frame = length(frames[frame], norm);
    const double divisor =
        norm_of_frame < static_cast<double>(std::numeric_limits<float>::min()) ? 1 : norm_of_frame;
    std::transform(frames[frame].begin(), frames[frame].end(), normalized[frame].begin(),
                   [&](float value) { return static_cast<float>(static_cast<double>(value) / divisor); });
  }
}

}  // namespace chorale::features
