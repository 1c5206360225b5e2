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

bool is_tempo(const dataset::Task& task) {
  return task.kind == config::TaskKind::kRegression && (task.name == "tempo" || task.name == "bpm");
}

}  // namespace

dataset::Track variant_of(const dataset::Track& recording, std::span<const dataset::Task> tasks,
                          const audio::Variant& variant) {
  dataset::Track track = recording;
  track.id += "~" + variant.name;
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
