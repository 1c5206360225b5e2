#include "ingest/synth/effects.hpp"

#include <vector>

#include "ingest/synth/tone.hpp"

namespace chorale::synth {

void add_room(std::span<float> samples, double decay_time, double share) {
  static constexpr std::array<std::size_t, 4> kDelays = {661, 818, 907, 1009};  // samples, about 30 to 46 ms
  std::vector<float> wet(samples.size());
  for (const std::size_t delay : kDelays) {
    const auto kept =
        static_cast<float>(from_decibels(-60.0 * static_cast<double>(delay) / (kSampleRate * decay_time)));
    std::vector<float> line(delay);
    std::size_t at = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const float echo = line[at];
      line[at] = samples[i] + kept * echo;
      wet[i] += echo;
      at = at + 1 == delay ? 0 : at + 1;
    }
  }
  const auto wet_gain = static_cast<float>(share * 0.5);
  const auto dry_gain = static_cast<float>(1.0 - share);
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = dry_gain * samples[i] + wet_gain * wet[i];
}

void equalise(std::span<float> samples, const EqualiserBand& band) {
  const double gain = from_decibels(0.5 * band.gain_db);
  const double turns = band.frequency / kSampleRate;
  const double cosine = sine(turns + 0.25);
  const double alpha = sine(turns) / (2.0 * band.q);
  const double a0 = 1.0 + alpha / gain;
  const double b0 = (1.0 + alpha * gain) / a0, b1 = -2.0 * cosine / a0, b2 = (1.0 - alpha * gain) / a0;
  const double a1 = b1, a2 = (1.0 - alpha / gain) / a0;
  double s1 = 0, s2 = 0;
  for (float& sample : samples) {
    const double x = sample;
    const double y = b0 * x + s1;
    s1 = b1 * x - a1 * y + s2;
    s2 = b2 * x - a2 * y;
    sample = static_cast<float>(y);
  }
}

void add_hiss(std::span<float> samples, double rms, runtime::RandomStream noise) {
  const double peak = rms * 1.7320508075688772;  // of a uniform distribution
  for (float& sample : samples) sample += static_cast<float>(noise.uniform(-peak, peak));
}

}  // namespace chorale::synth
