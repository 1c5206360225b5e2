#include "ingest/features/tuning.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace chorale::features {
namespace {

constexpr double kMinHz = 150, kMaxHz = 4000;  // librosa.piptrack's fmin and fmax
constexpr float kThreshold = 0.1F;             // of the frame's maximum
constexpr std::size_t kSteps = 100;            // 1 / resolution

// The mean of the middle values, in float32 as numpy.median has it.
float median(std::vector<float> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*std::max_element(values.begin(), middle) + *middle) / 2;
}

// numpy.linspace(-0.5, 0.5, 101).
std::array<double, kSteps + 1> histogram_edges() {
  std::array<double, kSteps + 1> edges;
  for (std::size_t i = 0; i <= kSteps; ++i) edges[i] = static_cast<double>(i) * 0.01 - 0.5;
  edges.back() = 0.5;
  return edges;
}

float largest(std::span<const float> values) {
  constexpr std::size_t kLanes = 16;
  std::array<float, kLanes> lanes = {};
  std::size_t i = 0;
  for (; i + kLanes <= values.size(); i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      lanes[lane] = lanes[lane] < values[i + lane] ? values[i + lane] : lanes[lane];
    }
  }
  float maximum = *std::max_element(lanes.begin(), lanes.end());
  for (; i < values.size(); ++i) maximum = std::max(maximum, values[i]);
  return maximum;
}

}  // namespace

TuningEstimator::TuningEstimator(std::size_t n_fft, double sample_rate)
    : sample_rate_(sample_rate), n_fft_(static_cast<double>(n_fft)), first_(1), last_(1) {
  const double bin_hz = 1.0 / (n_fft_ * (1.0 / sample_rate));  // numpy.fft.rfftfreq
  const double end = std::min(kMaxHz, sample_rate / 2);
  while (static_cast<double>(first_) * bin_hz < kMinHz) ++first_;
  last_ = first_;
  while (static_cast<double>(last_) * bin_hz < end && last_ < n_fft / 2) ++last_;
}

void TuningEstimator::clear() {
  for (Peaks* peaks : {&power_, &magnitude_}) {
    peaks->pitch.clear();
    peaks->height.clear();
  }
}

// The vertex of the parabola through three values, as librosa.core.pitch._parabolic_interpolation and
// piptrack round it: the quotient in double, all else in float32.
void TuningEstimator::add_peak(Peaks& peaks, std::size_t bin, float left, float centre, float right) const {
  const double a = static_cast<double>(right + left) - 2.0 * static_cast<double>(centre);
  const double b = static_cast<double>(right - left) / 2.0;
  const float shift = std::abs(b) >= std::abs(a) ? 0.0F : static_cast<float>(-b / a);
  const float slope = (right - left) / 2.0F;
  const double position = static_cast<double>(bin) + static_cast<double>(shift);
  peaks.pitch.push_back(static_cast<float>(position * sample_rate_ / n_fft_));
  peaks.height.push_back(centre + 0.5F * slope * shift);
}

void TuningEstimator::add(std::span<const float> power) {
  const float maximum = largest(power);
  const float power_floor = kThreshold * maximum;
  const float magnitude_floor = kThreshold * std::sqrt(maximum);
  // Slightly below the square of magnitude_floor, so that rounding excludes nothing here.
  const float candidate_floor = 0.0099F * maximum;
  for (std::size_t bin = first_; bin < last_; ++bin) {
    const float left = power[bin - 1], centre = power[bin], right = power[bin + 1];
    if (!(centre > candidate_floor && centre > left && centre >= right)) continue;
    if (centre > power_floor) add_peak(power_, bin, left, centre, right);
    const float root = std::sqrt(centre), root_left = std::sqrt(left), root_right = std::sqrt(right);
    if (root > magnitude_floor && root > root_left) {
      add_peak(magnitude_, bin, root_left, root, root_right);
    }
  }
}

double TuningEstimator::Peaks::tuning(std::size_t bins_per_octave) const {
  if (pitch.empty()) return 0;
  static const auto edges = histogram_edges();
  std::array<std::size_t, kSteps> counts = {};
  const float threshold = median(height);
  const auto bins = static_cast<float>(bins_per_octave);
  for (std::size_t i = 0; i < pitch.size(); ++i) {
    if (!(height[i] >= threshold)) continue;
    // Octaves above A0, rounded to float32 as numpy's log2 of a float32 is.
    const auto octaves = static_cast<float>(std::log2(static_cast<double>(pitch[i] / 27.5F)));
    const float position = bins * octaves;
    float residual = position - std::floor(position);
    if (residual >= 0.5F) residual -= 1.0F;
    const auto upper = std::upper_bound(edges.begin(), edges.end(), static_cast<double>(residual));
    ++counts[static_cast<std::size_t>(upper - edges.begin()) - 1];
  }
  return edges[static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) - counts.begin())];
}

}  // namespace chorale::features
