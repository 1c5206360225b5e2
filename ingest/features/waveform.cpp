#include "ingest/features/waveform.hpp"

#include <algorithm>
#include <cmath>

#include "ingest/features/sums.hpp"

namespace chorale::features {
namespace {

constexpr float kZero = 1e-10F;

std::size_t frames_of(std::size_t samples, const FrameOptions& options) {
  return 1 + samples / options.hop_length;
}

struct Range {
  std::size_t first = 0, end = 0;  // samples of the track
};

// The part of a frame that lies within the track.
Range range_of(std::size_t frame, std::size_t samples, const FrameOptions& options) {
  const std::size_t half = options.frame_length / 2, centre = frame * options.hop_length;
  const std::size_t end =
      centre + options.frame_length;  // of the frame, in a track that half a frame was put before
  return {std::min(centre - std::min(centre, half), samples), std::min(end - std::min(end, half), samples)};
}

}  // namespace

void rms(std::span<const float> samples, const FrameOptions& options, std::vector<float>& result) {
  result.resize(frames_of(samples.size(), options));
  for (std::size_t frame = 0; frame < result.size(); ++frame) {
    const auto [first, end] = range_of(frame, samples.size(), options);
    const double power = sum_of_squares(samples.subspan(first, end - first));
    result[frame] = static_cast<float>(std::sqrt(power / static_cast<double>(options.frame_length)));
  }
}

void ZeroCrossingRate::compute(std::span<const float> samples, std::vector<float>& result) {
  crossings_.resize(samples.size());
  std::uint32_t count = 0;
  bool before = samples[0] < -kZero;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const bool negative = samples[i] < -kZero;
    count += negative != before ? 1 : 0;
    before = negative;
    crossings_[i] = count;
  }
  result.resize(frames_of(samples.size(), options_));
  for (std::size_t frame = 0; frame < result.size(); ++frame) {
    const auto [first, end] = range_of(frame, samples.size(), options_);
    const std::uint32_t crossed = first < end ? crossings_[end - 1] - crossings_[first] : 0;
    result[frame] = static_cast<float>(crossed / static_cast<double>(options_.frame_length));
  }
}

}  // namespace chorale::features
