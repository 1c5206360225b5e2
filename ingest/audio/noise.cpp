#include "ingest/audio/noise.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "ingest/audio/effect_error.hpp"

namespace chorale::audio {
namespace {

// ln(x) of a normal x > 0: x = 2^e m with m in [sqrt(1/2), sqrt(2)), ln(m) = 2 artanh((m-1)/(m+1)) by its
// series, whose first term left out is below 1e-18.
double natural_log(double x) {
  constexpr auto kSqrtHalf = std::bit_cast<std::uint64_t>(0.7071067811865476);
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(x) - kSqrtHalf;
  const auto exponent = static_cast<double>(static_cast<std::int64_t>(bits) >> 52);
  const double m = std::bit_cast<double>((bits & 0x000fffffffffffffULL) + kSqrtHalf);
  const double s = (m - 1) / (m + 1);
  double series = 0;
  for (int divisor = 21; divisor > 0; divisor -= 2) series = series * s * s + 1.0 / divisor;
  return exponent * std::numbers::ln2 + 2 * s * series;
}

// Standard normal numbers by Marsaglia's polar method, two for each point inside the unit circle.
class Gaussian {
 public:
  explicit Gaussian(runtime::RandomStream stream) : stream_(stream) {}

  double next() {
    has_second_ = !has_second_;
    if (!has_second_) return second_;
    double x = 0, y = 0, square = 0;
    do {
      x = stream_.uniform(-1, 1);
      y = stream_.uniform(-1, 1);
      square = x * x + y * y;
    } while (square >= 1 || square == 0);
    const double factor = std::sqrt(-2 * natural_log(square) / square);
    second_ = factor * y;
    return factor * x;
  }

 private:
  runtime::RandomStream stream_;
  bool has_second_ = false;
  double second_ = 0;
};

// Rounded, so that the last bit of the machine's power function does not show.
float amplitude(double db) { return static_cast<float>(std::pow(10.0, db / 20)); }

}  // namespace

void add_noise(std::span<float> samples, double snr_db, runtime::RandomStream stream) {
  double energy = 0;
  for (const float sample : samples) energy += static_cast<double>(sample) * static_cast<double>(sample);
  if (energy == 0) throw EffectError("silent: there is no level to add noise at a distance below");
  const double level = std::sqrt(energy / static_cast<double>(samples.size())) * amplitude(-snr_db);
  Gaussian gaussian(stream);
  for (float& sample : samples) {
    sample = static_cast<float>(static_cast<double>(sample) + level * gaussian.next());
  }
}

void apply_gain(std::span<float> samples, double db) {
  const float factor = amplitude(db);
  for (float& sample : samples) sample *= factor;
}

}  // namespace chorale::audio
