// Variants of a track for training: its cleaned samples, changed in one way each.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/audio/pitch_shift.hpp"
#include "ingest/audio/time_stretch.hpp"

namespace chorale::audio {

enum class Effect { kTimeStretch, kPitchShift, kNoise, kGain };

struct Variant {
  std::string name;  // effect and amount: "time_stretch_0.9", "pitch_shift_-2", "noise_20", "gain_-6"
  Effect effect = Effect::kGain;
  double amount = 0;
};

struct VariantOptions {
  std::vector<double> time_stretch;  // rates, above 1 is faster
  std::vector<double> pitch_shift;   // semitones
  std::vector<double> noise;         // signal-to-noise ratios, dB
  std::vector<double> gain;          // dB
};

// One for each number, in the order of the options. Throws UsageError for a number that is twice in a list.
std::vector<Variant> make_variants(const VariantOptions& options);

class Augmenter {
 public:
  Augmenter(double sample_rate, std::uint64_t seed) : shifter_(sample_rate), seed_(seed) {}  // Hz

  // Samples of the variant, valid until the next call. Noise depends on the seed, the track's id and the
  // variant's name alone. Throws EffectError: no samples, silence (noise), nothing left (stretch and shift of
  // a few samples).
  std::span<const float> apply(const Variant& variant, std::span<const float> samples,
                               std::string_view track_id);

 private:
  TimeStretcher stretcher_;
  PitchShifter shifter_;
  std::uint64_t seed_;
  std::vector<float> buffer_;
};

}  // namespace chorale::audio
