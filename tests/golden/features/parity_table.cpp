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

      {"Spectral features",
       {
           {"stft, magnitude", "root of the power", "abs(stft)", kRelativeToFrame, 1e-6},
           {"stft, db", "10 log10(max(1e-10, power)), dB", "amplitude_to_db(top_db=None)", kAbsolute, 1e-4},
           {"mfcc", "orthonormal DCT-II of dB no lower than 80 below the track's largest", "feature.mfcc",
            kRelativeToFrame, 1e-5},
           {"mfcc delta", "slope of the line through nine frames, of coefficients up to 1000",
            "feature.delta", kAbsolute, 1e-3},
           {"mfcc delta2", "curvature of the parabola through them, of coefficients up to 1000",
            "feature.delta(order=2)", kAbsolute, 1e-3},
           {"spectral_contrast", "peak less valley of 7 octave bands, each 2 % of its bins, dB",
            "feature.spectral_contrast", kAbsolute, 1e-3},
           {"spectral_centroid", "mean frequency by magnitude, Hz", "feature.spectral_centroid",
            kRelativeToValue, 1e-5},
           {"spectral_bandwidth", "standard deviation of frequency by magnitude, Hz",
            "feature.spectral_bandwidth", kRelativeToValue, 1e-5},
           {"spectral_rolloff", "frequency below which 85 % of the magnitude lies, Hz",
            "feature.spectral_rolloff", kIdentical, 0},
           {"spectral_flatness", "geometric by arithmetic mean of the power", "feature.spectral_flatness",
            kRelativeToValue, 1e-5},
           {"rms", "root of the mean square of a frame", "feature.rms", kRelativeToValue, 1e-5},
           {"zero_crossing_rate", "share of a frame's samples that change sign", "feature.zero_crossing_rate",
            kIdentical, 0},
           {"moments", "mean, std, skew, kurtosis, median, min, max over time", "numpy, scipy.stats",
            kRelativeToValue, 1e-6},
       }},

      {"Tonal features",
       {
           {"tuning", "histogram of spectral peaks, steps of 0.01 bins", "estimate_tuning", kIdentical, 0},
           {"chroma filters", "Gaussians around the pitch classes, weights up to 1", "filters.chroma",
            kAbsolute, 1e-7},
           {"chroma_stft", "filters times power, maximum 1", "feature.chroma_stft", kRelativeToFrame, 1e-5},
           {"cqt", "magnitude, 7 octaves from C1, 36 and 12 bins an octave", "cqt", kRelativeToArray, 1e-5},
           {"chroma_cqt", "CQT of 36 bins folded into an octave, maximum 1", "feature.chroma_cqt",
            kRelativeToFrame, 1e-5},
           {"chroma_cens", "shares in four steps, smoothed over 41 frames, norm 1; of 36 and 12 bins",
            "feature.chroma_cens", kRelativeToFrame, 1e-5},
           {"tonnetz", "chroma_cqt on the circles of fifths and thirds", "feature.tonnetz", kRelativeToFrame,
            1e-5},
           {"key", "best of 24 Krumhansl-Kessler profiles; strongest class", "none: NumPy", kIdentical, 0},
           {"key confidence", "its correlation; its share of the mean chroma", "none: NumPy", kAbsolute,
            1e-6},
       }},

      {"Rhythm features",
       {
           {"onset strength", "increase of the mel dB from frame to frame, mean over the bands, dB",
            "onset.onset_strength", kAbsolute, 1e-4},
           {"onset strength, median", "the same, median over the bands, dB",
            "onset.onset_strength(aggregate=median)", kAbsolute, 1e-4},
           {"onsets", "frames of the peaks of the onset strength", "onset.onset_detect", kIdentical, 0},
           {"tempogram", "autocorrelation of the onset strength within 8.9 s around a frame",
            "feature.tempogram", kRelativeToFrame, 1e-4},
           {"tempo", "BPM: the best lag of the tempogram's mean, with a prior about 120", "feature.tempo",
            kIdentical, 0},
           {"beat tempo", "BPM: the same of the onset strength by the median", "beat.beat_track", kIdentical,
            0},
           {"beats", "frames of the beats, by dynamic programming", "beat.beat_track", kIdentical, 0},
           {"tempogram mean, std, max", "over all frames and lags", "feature.tempogram", kRelativeToValue,
            1e-4},
           {"rhythm_regularity", "std of the onset strength's autocorrelation at lags 0 to 49",
            "onset.onset_strength", kRelativeToValue, 1e-4},
       }},

      {"Sets of features",
       {
           {"features_103", "the 103 figures by name", "tests/golden/feature_sets.py", kRelativeToValue,
            1e-4},
           {"features_518", "FMA's mean, std, median, min, max of 74 channels",
            "tests/golden/feature_sets.py", kRelativeToValue, 1e-4},
           {"features_518, skew, kurtosis", "of the same channels", "tests/golden/feature_sets.py", kAbsolute,
            1e-3},
       }},

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
