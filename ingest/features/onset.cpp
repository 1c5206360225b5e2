#include "ingest/features/onset.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace chorale::features {
namespace {

constexpr float kTopDb = 80.0F;
constexpr float kDelta = 0.07F;

// max(0, now - before) of each band, neither below the floor.
void increase(std::span<const float> before, std::span<const float> now, float floor,
              std::span<float> output) {
  for (std::size_t i = 0; i < output.size(); ++i) {
    output[i] = std::max(0.0F, std::max(now[i], floor) - std::max(before[i], floor));
  }
}

float mean(std::span<const float> values) {
  constexpr std::size_t kLanes = 8;
  std::array<float, kLanes> lanes = {};
  std::size_t i = 0;
  for (; i + kLanes <= values.size(); i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) lanes[lane] += values[i + lane];
  }
  float sum = 0;
  for (; i < values.size(); ++i) sum += values[i];
  for (const float lane : lanes) sum += lane;
  return sum / static_cast<float>(values.size());
}

// Of values >= 0, which it reorders. Most are 0 in most frames: only the others are put in order.
float median(std::span<float> values) {
  const auto positive = std::partition(values.begin(), values.end(), [](float v) { return v <= 0; });
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  if (middle < positive) return 0;
  std::nth_element(positive, middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  const float below = middle == positive ? 0.0F : *std::max_element(positive, middle);
  return (below + *middle) / 2;
}

// Python's a // b of floats >= 0.
std::size_t floor_divide(double a, double b) {
  return static_cast<std::size_t>(std::round((a - std::fmod(a, b)) / b));
}

// From 0 to 1. librosa/onset.py:162-169
std::vector<float> scaled(std::span<const float> envelope) {
  std::vector<float> output(envelope.begin(), envelope.end());
  const float least = std::ranges::min(output);
  for (float& value : output) value -= least;
  const float scale = std::ranges::max(output) + std::numeric_limits<float>::min();
  for (float& value : output) value /= scale;
  return output;
}

struct PeakWindows {
  std::size_t pre_max, post_max, pre_average, post_average, wait;  // frames
};

// librosa/onset.py:183-187
PeakWindows peak_windows(const OnsetOptions& options) {
  const auto hop = static_cast<double>(options.hop_length);
  const std::size_t pre_max = floor_divide(0.03 * options.sample_rate, hop);
  const std::size_t pre_average = floor_divide(0.10 * options.sample_rate, hop);
  return {pre_max, 1, pre_average, pre_average + 1, pre_max};
}

class PeakTest {
 public:
  PeakTest(std::span<const float> values, const PeakWindows& windows) : values_(values), windows_(windows) {}

  bool operator()(std::size_t n) const {
    const auto neighbours = around(n, windows_.pre_max, windows_.post_max);
    return values_[n] == std::ranges::max(neighbours) && exceeds_average(n);
  }

 private:
  std::span<const float> around(std::size_t n, std::size_t before, std::size_t after) const {
    const std::size_t first = n - std::min(n, before);
    return values_.subspan(first, std::min(n + after, values_.size()) - first);
  }

  // Rounded to float32 at the same places as the reference's compiled loop.
  bool exceeds_average(std::size_t n) const {
    const auto neighbours = around(n, windows_.pre_average, windows_.post_average);
    float sum = 0;
    for (const float value : neighbours) sum += value;
    const auto average =
        static_cast<float>(static_cast<double>(sum) / static_cast<double>(neighbours.size()));
    return values_[n] >= average + kDelta;
  }

  std::span<const float> values_;
  PeakWindows windows_;
};

}  // namespace

std::vector<float> onset_strength(const Frames& mel_db, const OnsetOptions& options,
                                  OnsetAggregate aggregate) {
  const float floor = std::ranges::max(mel_db.values()) - kTopDb;
  const std::size_t shift = options.n_fft / (2 * options.hop_length);
  std::vector<float> envelope(mel_db.frames());
  std::vector<float> flux(mel_db.bins());
  for (std::size_t frame = 1; frame + shift < mel_db.frames(); ++frame) {
    increase(mel_db[frame - 1], mel_db[frame], floor, flux);
    envelope[frame + shift] = aggregate == OnsetAggregate::kMean ? mean(flux) : median(flux);
  }
  return envelope;
}

std::vector<std::size_t> onset_detect(std::span<const float> envelope, const OnsetOptions& options) {
  const std::vector<float> values = scaled(envelope);
  const PeakWindows windows = peak_windows(options);
  std::vector<std::size_t> onsets;
  if (std::ranges::all_of(values, [](float value) { return value == 0; })) return onsets;
  const PeakTest is_peak(values, windows);
  for (std::size_t n = 0; n < values.size(); ++n) {
    if (!is_peak(n)) continue;
    onsets.push_back(n);
    n += windows.wait;
  }
  return onsets;
}

}  // namespace chorale::features
