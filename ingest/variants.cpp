#include "ingest/variants.hpp"

#include <cmath>

namespace chorale::ingest {
namespace {

constexpr int kTonics = 12;  // keys are 12 tonics in major, then 12 in minor

dataset::Label shifted_key(const dataset::Label& key, double semitones) {
  if (!key.known || semitones != std::round(semitones)) return {};
  const int shift = static_cast<int>(semitones), mode = key.index() / kTonics;
  const int tonic = ((key.index() + shift) % kTonics + kTonics) % kTonics;
  return dataset::Label::of_class(mode * kTonics + tonic);
}

std::string id_suffix(const audio::Variant& variant) { return "~" + variant.name; }

bool is_tempo(const dataset::Task& task) {
  return task.kind == config::TaskKind::kRegression && (task.name == "tempo" || task.name == "bpm");
}

}  // namespace

void check_ids(const catalogue::Catalogue& catalogue, std::span<const audio::Variant> variants) {
  for (const auto& entry : catalogue.entries) {
    for (const audio::Variant& variant : variants) {
      if (!entry.track.id.ends_with(id_suffix(variant))) continue;
      throw runtime::UsageError(entry.track.path + ": its id ends as those of variants do (" + variant.name +
                                "). Rename it, or leave this number out of [augment].");
    }
  }
}

dataset::Track variant_of(const dataset::Track& recording, std::span<const dataset::Task> tasks,
                          const audio::Variant& variant) {
  dataset::Track track = recording;
  track.id += id_suffix(variant);
  track.variant = variant.name;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    dataset::Label& label = track.labels[i];
    if (variant.effect == audio::Effect::kPitchShift && tasks[i].kind == config::TaskKind::kKey)
      label = shifted_key(label, variant.amount);
    if (variant.effect == audio::Effect::kTimeStretch && is_tempo(tasks[i]))
      label.value *= static_cast<float>(variant.amount);
  }
  return track;
}

}  // namespace chorale::ingest
