#include "ingest/synth/instrument.hpp"

#include <algorithm>
#include <cmath>

namespace chorale::synth {
namespace {

constexpr double kRelease = 0.02;      // seconds
constexpr double kVibratoRate = 5.5;   // Hz
constexpr double kVibratoDepth = 1.2;  // semitones
constexpr double kTremoloRate = 7.0;   // Hz
constexpr double kTremoloDepth = 0.8;  // of the amplitude
constexpr double kBend = 5.0;          // semitones, of a scoop or a fall
constexpr double kBendTime = 0.2;      // seconds
constexpr std::size_t kControl = 32;   // samples between two looks at envelope and pitch

double clamped(double x) { return std::clamp(x, 0.0, 1.0); }

double amplitude_at(double t, const Note& note, const Instrument& instrument) {
  const double left = note.length - t;
  double amplitude = note.loudness * clamped(left / kRelease);
  if (note.envelope == Envelope::kSwell) {
    amplitude *= decay(left / (instrument.decay + 0.25 * note.length));
  } else {
    amplitude *= clamped(t / instrument.attack);
    if (note.envelope == Envelope::kPluck) amplitude *= decay(t / instrument.decay);
  }
  if (note.motion == Motion::kTremolo)
    amplitude *= 1.0 - kTremoloDepth * (0.5 - 0.5 * sine(kTremoloRate * t));
  return amplitude;
}

// Semitones away from the written pitch.
double bend_at(double t, const Note& note) {
  const double time = std::min(kBendTime, 0.5 * note.length);
  switch (note.motion) {
    case Motion::kVibrato:
      return kVibratoDepth * sine(kVibratoRate * t);
    case Motion::kScoop:
      return -kBend * clamped(1.0 - t / time);
    case Motion::kFall:
      return -kBend * clamped(1.0 - (note.length - t) / time);
    default:
      return 0.0;
  }
}

}  // namespace

void add_note(const Note& note, const Instrument& instrument, const Wavetable& wave, std::span<float> out) {
  const auto first = static_cast<std::size_t>(note.start * kSampleRate);
  const auto end = std::min(out.size(), first + static_cast<std::size_t>(note.length * kSampleRate));
  const double frequency = frequency_of(note.pitch);
  const Wavetable::Period& period = wave.period_at(frequency);
  double phase = 0;
  double amplitude = amplitude_at(0, note, instrument);
  for (std::size_t block = first; block < end; block += kControl) {
    const std::size_t count = std::min(kControl, end - block);
    const double t = static_cast<double>(block - first) / kSampleRate;
    const double bend = bend_at(t, note);
    const double increment =
        frequency * (bend == 0.0 ? 1.0 : pitch_ratio(bend)) * Wavetable::kSize / kSampleRate;
    const double target = amplitude_at(t + static_cast<double>(count) / kSampleRate, note, instrument);
    const double slope = (target - amplitude) / static_cast<double>(count);
    for (std::size_t i = block; i < block + count; ++i) {
      const auto place = static_cast<std::size_t>(phase);
      const auto between = static_cast<float>(phase - static_cast<double>(place));
      const float value = period[place] + between * (period[place + 1] - period[place]);
      out[i] += static_cast<float>(amplitude) * value;
      amplitude += slope;
      phase += increment;
      if (phase >= Wavetable::kSize) phase -= Wavetable::kSize;
    }
    amplitude = target;
  }
}

std::vector<float> drum_stroke(Part drum, const DrumKit& kit, runtime::RandomStream noise) {
  const double fall = drum == Part::kKick    ? kit.kick_decay
                      : drum == Part::kSnare ? kit.snare_decay
                                             : kit.hat_decay;
  std::vector<float> stroke(static_cast<std::size_t>(6 * fall * kSampleRate));
  double phase = 0, previous = 0;
  const double faded = decay(1.0 / (fall * kSampleRate));
  const double settling = decay(1.0 / (0.02 * kSampleRate));  // of the kick's pitch
  double level = 1.0, above = 3.0;
  for (float& sample : stroke) {
    const double white = noise.uniform(-1, 1);
    double value = 0;
    if (drum == Part::kKick) {
      phase += kit.kick_pitch * (1.0 + above) / kSampleRate;
      above *= settling;
      value = sine(phase);
    } else if (drum == Part::kSnare) {
      phase += kit.snare_pitch / kSampleRate;
      value = (1.0 - kit.snare_hiss) * sine(phase) + kit.snare_hiss * white;
    } else {
      value = white - kit.hat_brightness * previous;
      previous = white;
    }
    sample = static_cast<float>(level * value);
    level *= faded;
  }
  return stroke;
}

}  // namespace chorale::synth
