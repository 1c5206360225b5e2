#include "ingest/audio/variants.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "ingest/audio/effect_error.hpp"
#include "ingest/audio/noise.hpp"

namespace chorale::audio {
namespace {

// The shortest text that gives the number back: "0.9", "-2".
std::string text_of(double amount) {
  std::array<char, 32> text;
  const auto [end, error] = std::to_chars(text.begin(), text.end(), amount);
  return {text.begin(), end};
}

}  // namespace

std::vector<Variant> make_variants(const VariantOptions& options) {
  std::vector<Variant> variants;
  const auto add = [&](const char* key, Effect effect, const std::vector<double>& amounts) {
    for (const double amount : amounts) {
      std::string name = std::string(key) + "_" + text_of(amount);
      if (std::ranges::find(variants, name, &Variant::name) != variants.end()) {
        throw runtime::UsageError("augment." + std::string(key) + " holds " + text_of(amount) +
                                  " twice: the variants would be the same; remove one");
      }
      variants.push_back({std::move(name), effect, amount});
    }
  };
  add("time_stretch", Effect::kTimeStretch, options.time_stretch);
  add("pitch_shift", Effect::kPitchShift, options.pitch_shift);
  add("noise", Effect::kNoise, options.noise);
  add("gain", Effect::kGain, options.gain);
  return variants;
}

std::span<const float> Augmenter::apply(const Variant& variant, std::span<const float> samples,
                                        std::string_view track_id) {
  if (samples.empty()) throw EffectError("no samples to make the variant " + variant.name + " of");
  switch (variant.effect) {
    case Effect::kTimeStretch:
      return stretcher_.stretch(samples, variant.amount);
    case Effect::kPitchShift:
      return shifter_.shift(samples, variant.amount);
    case Effect::kNoise:
      buffer_.assign(samples.begin(), samples.end());
      add_noise(buffer_, variant.amount,
                runtime::RandomStream(seed_, {runtime::key_of(track_id), runtime::key_of(variant.name)}));
      return buffer_;
    case Effect::kGain:
      buffer_.assign(samples.begin(), samples.end());
      apply_gain(buffer_, variant.amount);
      return buffer_;
  }
  return samples;
}

}  // namespace chorale::audio
