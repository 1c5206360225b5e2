#include "ingest/synth/render.hpp"

#include <algorithm>
#include <cmath>

#include "ingest/synth/effects.hpp"
#include "ingest/synth/instrument.hpp"

namespace chorale::synth {
namespace {

constexpr double kEnergyDb = 4.0;  // drums above or below the artist's level

bool is_drum(Part part) { return part < Part::kBass; }

void play_drum(const Score& score, Part part, const std::vector<float>& stroke, std::span<float> out) {
  for (const Note& note : score.notes) {
    if (note.part != part) continue;
    const auto first = static_cast<std::size_t>(note.start * kSampleRate);
    const auto loudness = static_cast<float>(note.loudness);
    const std::size_t count = std::min(stroke.size(), out.size() - std::min(first, out.size()));
    for (std::size_t i = 0; i < count; ++i) out[first + i] += loudness * stroke[i];
  }
}

double rms(std::span<const float> samples) {
  double power = 0;
  for (const float sample : samples) power += static_cast<double>(sample) * sample;
  return std::sqrt(power / static_cast<double>(std::max<std::size_t>(samples.size(), 1)));
}

// One part, at unit RMS times its level: how much of a part is heard is the artist's choice, not the style's.
void add_part(const Score& score, const Artist& artist, Part part, const runtime::RandomStream& noise,
              std::span<float> mix) {
  std::vector<float> sound(mix.size());
  if (is_drum(part)) {
    play_drum(score, part, drum_stroke(part, artist.kit, noise), sound);
  } else {
    const Instrument& instrument = artist.instrument(part);
    const Wavetable wave(instrument.harmonics);
    for (const Note& note : score.notes) {
      if (note.part == part) add_note(note, instrument, wave, sound);
    }
  }
  const double loud = rms(sound);
  if (loud == 0) return;
  const auto index = static_cast<std::size_t>(part);
  double level = artist.level_db[index] + score.level_db[index];
  if (is_drum(part)) level += score.energy == Energy::kHigh ? kEnergyDb : -kEnergyDb;
  const auto gain = static_cast<float>(from_decibels(level) / loud);
  for (std::size_t i = 0; i < mix.size(); ++i) mix[i] += gain * sound[i];
}

// Straight up to about a third of full scale, then ever flatter: no clipping.
double saturated(double x) {
  const double clipped = std::clamp(x, -3.0, 3.0);
  return clipped * (27.0 + clipped * clipped) / (27.0 + 9.0 * clipped * clipped);
}

}  // namespace

std::vector<std::int16_t> render(const Score& score, const Artist& artist, double seconds,
                                 runtime::RandomStream noise) {
  std::vector<float> mix(static_cast<std::size_t>(seconds * kSampleRate));
  for (std::size_t part = 0; part < kParts; ++part) {
    if (!score.silent[part]) add_part(score, artist, static_cast<Part>(part), noise, mix);
  }
  add_room(mix, artist.room_decay, artist.room_level);
  for (std::size_t i = 0; i < artist.equaliser.size(); ++i) {
    EqualiserBand band = artist.equaliser[i];
    band.gain_db += score.equaliser_db[i];
    equalise(mix, band);
  }
  const double loud = rms(mix);
  add_hiss(mix, std::max(loud, 1e-3) * from_decibels(artist.hiss_db), noise);
  const double gain = from_decibels(artist.loudness_db) / std::max(loud, 1e-3);
  std::vector<std::int16_t> samples(mix.size());
  for (std::size_t i = 0; i < mix.size(); ++i) {
    samples[i] = static_cast<std::int16_t>(std::floor(32767.0 * saturated(gain * mix[i]) + 0.5));
  }
  return samples;
}

}  // namespace chorale::synth
