#include "ingest/synth/tone.hpp"

#include <cmath>

namespace chorale::synth {
namespace {

constexpr double kHighestHarmonic = 10'000.0;  // Hz

// 1 + x/1 (1 + x/2 (1 + x/3 ...)), and the like: a series whose terms have the ratios x / divisor.
template <std::size_t N>
double series(double x, const std::array<double, N>& divisors) {
  double sum = 1.0;
  for (std::size_t i = N; i-- > 0;) sum = 1.0 + x / divisors[i] * sum;
  return sum;
}

}  // namespace

double sine(double turns) {
  double x = turns - std::floor(turns);  // [0, 1)
  if (x > 0.75) {
    x -= 1.0;
  } else if (x > 0.25) {
    x = 0.5 - x;
  }
  const double angle = 6.283185307179586 * x;  // [-pi/2, pi/2]
  static constexpr std::array kDivisors = {2.0 * 3,   4.0 * 5,   6.0 * 7,  8.0 * 9,
                                           10.0 * 11, 12.0 * 13, 14.0 * 15};
  return angle * series(-angle * angle, kDivisors);
}

double power_of_two(double x) {
  const double whole = std::floor(x);
  static constexpr std::array kDivisors = {1.0, 2.0, 3.0,  4.0,  5.0,  6.0, 7.0,
                                           8.0, 9.0, 10.0, 11.0, 12.0, 13.0};
  return std::ldexp(series((x - whole) * 0.6931471805599453, kDivisors), static_cast<int>(whole));
}

Wavetable::Wavetable(std::span<const double, kHarmonics> amplitudes) {
  std::array<double, kSize> one_sine;
  for (std::size_t i = 0; i < kSize; ++i) one_sine[i] = sine(static_cast<double>(i) / kSize);
  std::array<double, kSize> sum{};
  double power = 0;
  std::vector<Period> poorest_first;
  for (std::size_t k = 1; k <= kHarmonics; ++k) {
    const double amplitude = amplitudes[k - 1];
    for (std::size_t i = 0; i < kSize; ++i) sum[i] += amplitude * one_sine[i * k % kSize];
    power += 0.5 * amplitude * amplitude;
    if ((k & (k - 1)) != 0) continue;  // a table at 1, 2, 4, ... harmonics
    const double scale = 1.0 / std::sqrt(power);
    Period& period = poorest_first.emplace_back();
    for (std::size_t i = 0; i <= kSize; ++i) period[i] = static_cast<float>(scale * sum[i % kSize]);
  }
  octaves_.assign(poorest_first.rbegin(), poorest_first.rend());
}

const Wavetable::Period& Wavetable::period_at(double frequency) const {
  std::size_t octave = 0;
  for (int harmonics = kHarmonics; harmonics * frequency > kHighestHarmonic && octave + 1 < octaves_.size();
       harmonics /= 2) {
    ++octave;
  }
  return octaves_[octave];
}

}  // namespace chorale::synth
