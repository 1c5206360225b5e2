// Signals that the tests of audio share.
#pragma once

#include <cmath>
#include <numbers>
#include <span>
#include <vector>

namespace chorale::audio::signals {

constexpr double kRate = 22050;  // Hz

inline std::vector<float> sine(std::size_t samples, double frequency, double amplitude = 0.5) {
  std::vector<float> signal(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    const double turns = frequency * static_cast<double>(i) / kRate;
    signal[i] = static_cast<float>(amplitude * std::sin(2 * std::numbers::pi * turns));
  }
  return signal;
}

inline double rms(std::span<const float> samples) {
  double sum = 0;
  for (const float sample : samples) sum += static_cast<double>(sample) * static_cast<double>(sample);
  return std::sqrt(sum / static_cast<double>(samples.size()));
}

// Of a sine, from where it crosses zero upwards, first to last.
inline double frequency(std::span<const float> samples) {
  double first = -1, last = 0;
  int periods = -1;
  for (std::size_t i = 1; i < samples.size(); ++i) {
    if (samples[i - 1] >= 0 || samples[i] < 0) continue;
    const double a = samples[i - 1], b = samples[i];
    last = static_cast<double>(i) - b / (b - a);
    if (first < 0) first = last;
    ++periods;
  }
  return periods * kRate / (last - first);
}

}  // namespace chorale::audio::signals
