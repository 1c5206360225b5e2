// The mathematics of sound, from nothing but IEEE additions, multiplications and divisions: libm's sine and
// power differ in their last bit from one machine to the next, and the samples must not.
#pragma once

#include <array>
#include <span>
#include <vector>

namespace chorale::synth {

constexpr int kSampleRate = 22050;

// sin(2 pi turns), to about 1e-10.
double sine(double turns);

// 2^x, to about 1e-12.
double power_of_two(double x);

inline double pitch_ratio(double semitones) { return power_of_two(semitones / 12.0); }
inline double from_decibels(double db) { return power_of_two(db * 0.16609640474436813); }  // amplitude
inline double decay(double time_constants) {
  return power_of_two(-1.4426950408889634 * time_constants);
}  // exp(-x)

// Hz of a MIDI pitch; 69 is 440 Hz.
inline double frequency_of(double pitch) { return 440.0 * pitch_ratio(pitch - 69.0); }

constexpr int kHarmonics = 64;

// One period of a sum of sines, once per octave with ever fewer harmonics, so that nothing aliases.
class Wavetable {
 public:
  // Amplitudes of harmonics 1, 2, ...; scaled to unit RMS.
  explicit Wavetable(std::span<const double, kHarmonics> amplitudes);

  static constexpr int kSize = 2048;
  using Period = std::array<float, kSize + 1>;  // the first sample again at the end, for interpolation

  // The richest period whose harmonics stay below 10 kHz at this fundamental.
  const Period& period_at(double frequency) const;

 private:
  std::vector<Period> octaves_;
};

}  // namespace chorale::synth
