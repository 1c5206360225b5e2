#include "ingest/audio/trim.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "ingest/audio/effect_error.hpp"

namespace chorale::audio {
namespace {

constexpr double kAmin = 1e-10;  // power; amin of amplitude_to_db squared

// Mean square of every frame (feature/spectral.py:876).
std::vector<double> frame_powers(std::span<const float> samples, const TrimOptions& options) {
  std::vector<double> powers(1 + samples.size() / options.hop_length);
  const std::size_t before = options.frame_length / 2;
  for (std::size_t frame = 0; frame < powers.size(); ++frame) {
    const std::size_t centre = frame * options.hop_length;
    const std::size_t first = centre - std::min(centre, before);
    const std::size_t last = std::min(samples.size(), centre + options.frame_length - before);
    double sum = 0;
    for (std::size_t i = first; i < last; ++i) {
      sum += static_cast<double>(samples[i]) * static_cast<double>(samples[i]);
    }
    powers[frame] = std::max(kAmin, sum / static_cast<double>(options.frame_length));
  }
  return powers;
}

}  // namespace

std::span<const float> trim(std::span<const float> samples, const TrimOptions& options) {
  if (samples.empty()) throw EffectError("no samples to trim");
  const std::vector<double> powers = frame_powers(samples, options);
  const double threshold = *std::ranges::max_element(powers) * std::pow(10.0, -options.top_db / 10);
  const auto heard = [&](double power) { return power > threshold; };
  const auto first = std::ranges::find_if(powers, heard);
  if (first == powers.end()) {
    throw EffectError("silent throughout: trimmed away, as no frame is above the threshold");
  }
  const auto last = std::find_if(powers.rbegin(), powers.rend(), heard).base();
  const auto begin = static_cast<std::size_t>(first - powers.begin()) * options.hop_length;
  const auto end = static_cast<std::size_t>(last - powers.begin()) * options.hop_length;
  return samples.subspan(begin, std::min(end, samples.size()) - begin);
}

}  // namespace chorale::audio
