#include "ingest/audio_options.hpp"

namespace chorale::ingest {

std::uint64_t max_file_bytes(const config::Audio& audio) {
  return static_cast<std::uint64_t>(audio.max_file_mib) << 20;
}

audio::LoadOptions load_options(const config::Audio& audio) {
  return {.sample_rate = static_cast<std::int32_t>(audio.sample_rate),
          .mix = audio.channel,
          .offset = audio.offset,
          .duration = audio.duration,
          .max_seconds = audio.max_seconds};
}

audio::CleanOptions clean_options(const config::Clean& clean) {
  audio::CleanOptions options;
  if (clean.trim_top_db > 0) options.trim = audio::TrimOptions{.top_db = clean.trim_top_db};
  if (clean.denoise == config::Denoise::kStationary) options.denoise = audio::DenoiseOptions{};
  return options;
}

std::vector<audio::Variant> make_variants(const config::Augment& augment) {
  return audio::make_variants({.time_stretch = augment.time_stretch,
                               .pitch_shift = augment.pitch_shift,
                               .noise = augment.noise,
                               .gain = augment.gain});
}

}  // namespace chorale::ingest
