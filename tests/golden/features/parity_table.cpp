// What golden_features declares, and docs/features.md shows.
#include "golden/features/parity.hpp"

namespace chorale::parity {

const std::vector<Section>& table() {
  using enum Measure;
  static const std::vector<Section> sections = {
      {"From file to mel",
       {
           {"decode", "PCM samples, mean over channels", "load(sr=None)", kIdentical, 0},
           {"decode, lossy", "OGG and MP3 samples, mean over channels", "load(sr=None)", kAbsolute, 1e-6},
           {"resample", "soxr HQ, ceil(n ratio) samples", "load(sr=22050)", kAbsolute, 1e-6},
           {"power", "re^2 + im^2 of every bin, Hann, centred, zeros beyond both ends", "stft",
            kRelativeToValue, 1e-6},
           {"mel filters", "Slaney's triangles, weights up to 0.05", "filters.mel", kAbsolute, 1e-8},
           {"mel power", "filters times power", "feature.melspectrogram", kRelativeToValue, 1e-6},
           {"decibel", "10 log10(max(1e-10, mel)), dB", "power_to_db(top_db=None)", kAbsolute, 2e-5},
           {"mel", "file to mel in dB, reference 1, no floor", "power_to_db(melspectrogram)", kAbsolute,
            1e-3},
       }},

      // Spectral features.

      // Tonal features.

      // Rhythm features.

      {"Audio to audio",
       {
           {"trim", "span from first to last frame above the loudest - 60 dB", "effects.trim", kIdentical, 0},
           {"noise reduction", "stationary spectral gating, thresholds of the signal's own statistics",
            "noisereduce.reduce_noise", kRelativeToArray, 1e-6},
           {"time stretch", "phase vocoder, rates 0.75 to 2", "effects.time_stretch", kRelativeToArray, 1e-6},
           {"pitch shift", "time stretch, then soxr HQ; -2 to 12 semitones", "effects.pitch_shift",
            kRelativeToArray, 1e-6},
       }},

  };
  return sections;
}

}  // namespace chorale::parity
