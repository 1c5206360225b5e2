#include "ingest/features/beat.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace chorale::features {
namespace {

constexpr double kTightness = 100;
constexpr std::ptrdiff_t kNone = -1;

double square(double x) { return x * x; }

// Divided by the standard deviation. beat.py:511-514
std::vector<double> normalised(std::span<const float> envelope) {
  double sum = 0, squares = 0;
  for (const float value : envelope) sum += static_cast<double>(value);
  const double mean = sum / static_cast<double>(envelope.size());
  for (const float value : envelope) squares += square(static_cast<double>(value) - mean);
  const auto std = static_cast<float>(std::sqrt(squares / static_cast<double>(envelope.size() - 1)));
  const float norm = std + std::numeric_limits<float>::min();
  std::vector<double> output(envelope.size());
  std::ranges::transform(envelope, output.begin(),
                         [&](float value) { return static_cast<double>(value / norm); });
  return output;
}

// The envelope smoothed by a Gaussian of 1/32 of the period, [frames]. Its taps reach one period to both
// sides, except that the one for frame 0 is left out where it is the last: k < i + K/2, as in
// beat.py:524-543.
std::vector<double> local_score(std::span<const double> envelope, std::size_t period) {
  const std::size_t n = envelope.size(), taps = 2 * period + 1;
  std::vector<double> window(taps);
  for (std::size_t k = 0; k < taps; ++k) {
    const double offset = static_cast<double>(k) - static_cast<double>(period);
    window[k] = std::exp(-0.5 * square(offset * 32.0 / static_cast<double>(period)));
  }
  std::vector<double> score(n);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t last = i + period;
    for (std::size_t k = last >= n ? last - n + 1 : 0; k < std::min(last, taps); ++k) {
      score[i] += window[k] * envelope[last - k];
    }
  }
  return score;
}

struct Path {
  std::vector<double> score;              // of the best chain of beats that ends at a frame, [frames]
  std::vector<std::ptrdiff_t> backlinks;  // the beat before in that chain, or kNone, [frames]
};

// beat.py:565-606. The beat before lies half a period to two periods back; the cost of a distance is
// kTightness log(distance / period)^2.
Path best_chains(std::span<const double> local, std::size_t period) {
  const auto nearest =
      std::max<std::size_t>(1, static_cast<std::size_t>(std::nearbyint(static_cast<double>(period) / 2)));
  std::vector<double> cost(2 * period + 1);
  for (std::size_t distance = nearest; distance < cost.size(); ++distance) {
    cost[distance] =
        kTightness * square(std::log(static_cast<double>(distance)) - std::log(static_cast<double>(period)));
  }
  const double threshold = 0.01 * std::ranges::max(local);
  Path path{std::vector<double>(local.size()), std::vector<std::ptrdiff_t>(local.size(), kNone)};
  bool before_first_beat = true;
  for (std::size_t i = 0; i < local.size(); ++i) {
    double best = -std::numeric_limits<double>::infinity();
    std::ptrdiff_t link = kNone;
    for (std::size_t distance = nearest; distance <= std::min(i, 2 * period); ++distance) {
      const double score = path.score[i - distance] - cost[distance];
      if (score > best) {
        best = score;
        link = static_cast<std::ptrdiff_t>(i - distance);
      }
    }
    path.score[i] = link == kNone ? local[i] : local[i] + best;
    before_first_beat = before_first_beat && local[i] < threshold;
    if (!before_first_beat) path.backlinks[i] = link;
  }
  return path;
}

// librosa.util.localmax (utils.py:1024, 1119-1125): greater than the value before, no less than the one
// after.
bool is_local_maximum(std::span<const double> values, std::size_t i) {
  return i > 0 && values[i] > values[i - 1] && (i + 1 == values.size() || values[i] >= values[i + 1]);
}

// The last local maximum that is at least half the median of the local maxima; else the last frame.
// beat.py:647-683
std::size_t last_beat(std::span<const double> score) {
  std::vector<double> maxima;
  for (std::size_t i = 0; i < score.size(); ++i) {
    if (is_local_maximum(score, i)) maxima.push_back(score[i]);
  }
  if (maxima.empty()) return score.size() - 1;
  std::ranges::sort(maxima);
  const std::size_t middle = maxima.size() / 2;
  const double median = maxima.size() % 2 == 1 ? maxima[middle] : (maxima[middle - 1] + maxima[middle]) / 2;
  for (std::size_t i = score.size(); i-- > 0;) {
    if (is_local_maximum(score, i) && score[i] >= 0.5 * median) return i;
  }
  return score.size() - 1;
}

std::vector<std::size_t> chain(std::span<const std::ptrdiff_t> backlinks, std::size_t tail) {
  std::vector<std::size_t> beats;
  for (auto frame = static_cast<std::ptrdiff_t>(tail); frame != kNone;
       frame = backlinks[static_cast<std::size_t>(frame)]) {
    beats.push_back(static_cast<std::size_t>(frame));
  }
  std::ranges::reverse(beats);
  return beats;
}

// Half the root mean square of the beats' scores smoothed by [0.5, 1, 0.5], two values beyond the last beat
// included as far as there are frames for them. beat.py:623-632
double weak_score(std::span<const double> local, std::span<const std::size_t> beats) {
  const auto score = [&](std::size_t i) { return i < beats.size() ? local[beats[i]] : 0.0; };
  const std::size_t count = std::min(beats.size() + 2, local.size());
  double squares = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double before = i > 0 ? score(i - 1) : 0.0;
    squares += square(0.5 * before + score(i) + 0.5 * score(i + 1));
  }
  return 0.5 * std::sqrt(squares / static_cast<double>(count));
}

// Beats before the first and after the last frame with more than a weak score go. beat.py:634-643
void trim(std::span<const double> local, std::vector<std::size_t>& beats) {
  const double weak = weak_score(local, beats);
  const auto strong = [&](double score) { return score > weak; };
  const auto first = std::ranges::find_if(local, strong) - local.begin();
  const auto after = std::find_if(local.rbegin(), local.rend(), strong).base() - local.begin();
  std::erase_if(beats, [&](std::size_t beat) {
    const auto frame = static_cast<std::ptrdiff_t>(beat);
    return frame < first || frame >= after;
  });
}

}  // namespace

BeatTracker::BeatTracker(const OnsetOptions& options)
    : frames_a_minute_(options.sample_rate / static_cast<double>(options.hop_length) * 60.0),
      tempo_(options) {}

BeatTrack BeatTracker::track(std::span<const float> envelope) {
  if (std::ranges::all_of(envelope, [](float value) { return value == 0; })) return {};
  BeatTrack result;
  result.tempo = tempo_.estimate(envelope);
  const auto period = static_cast<std::size_t>(std::nearbyint(frames_a_minute_ / result.tempo));
  const std::vector<double> local = local_score(normalised(envelope), period);
  const Path path = best_chains(local, period);
  result.beats = chain(path.backlinks, last_beat(path.score));
  trim(local, result.beats);
  return result;
}

}  // namespace chorale::features
