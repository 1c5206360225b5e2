// Noise that does not change, removed by spectral gating: noisereduce 3.0.3,
// reduce_noise(y, sr, stationary=True) with its defaults, which takes what the recording itself holds most of
// the time for noise. Formulas: noisereduce/spectralgate/stationary.py and base.py.
//
// Every bin of the spectrum has a threshold, mean + 1.5 standard deviations of its level in dB over the first
// 600,000 samples. What is below is masked; the mask, smoothed over 500 Hz and 50 ms, multiplies the
// spectrum. Levels in dB are never more than 80 dB below the bin's loudest. Longer recordings are gated in
// chunks of 600,000 samples, each seen with 30,000 more on either side.
//
// noisereduce computes the thresholds in single precision where samples are float32, and all else in double;
// here all is double. Levels within about 1e-5 dB of a threshold may be masked differently.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ingest/audio/inverse_stft.hpp"
#include "ingest/features/stft.hpp"

namespace chorale::audio {

struct DenoiseOptions {
  double deviations = 1.5;       // n_std_thresh_stationary
  double smooth_hz = 500;        // freq_mask_smooth_hz; as there, a bin counts as 2 sr / n_fft
  double smooth_ms = 50;         // time_mask_smooth_ms
  std::size_t n_fft = 1024;      // samples; hop_length is a quarter
  std::size_t chunk = 600'000;   // chunk_size, samples
  std::size_t padding = 30'000;  // samples
};

class Denoiser {
 public:
  // Throws UsageError where noisereduce refuses: a sample rate at which 500 Hz is less than a bin or 50 ms
  // less than a hop (defaults: below 5,120 Hz, above 256,000 Hz).
  explicit Denoiser(double sample_rate, const DenoiseOptions& options = {});  // Hz

  // As many samples as before, valid until the next call. Throws EffectError for fewer than n_fft samples
  // (noisereduce refuses the shortest, and measures others with a window of their own length).
  std::span<const float> denoise(std::span<const float> samples);

 private:
  void learn_thresholds(std::span<const float> samples);
  void load_chunk(std::span<const float> samples, std::size_t first, std::size_t last);
  void transform_chunk();
  void mask_chunk();
  void write_chunk(std::span<float> output);

  DenoiseOptions options_;
  features::StftOptions stft_options_;
  std::size_t smooth_bins_, smooth_frames_;  // on either side
  double scale_;                             // one over the window's sum
  features::Stft stft_;
  InverseStft inverse_;

  std::vector<double> levels_;                  // dB, [frames, bins]
  std::vector<double> threshold_db_;            // [bins]
  std::vector<double> threshold_;               // the same as a magnitude
  std::vector<float> chunk_;                    // samples, with padding
  std::size_t frames_ = 0;                      // of the chunk
  std::vector<std::complex<double>> spectrum_;  // of the chunk, [frames, bins]
  std::vector<double> loudest_;                 // magnitude, [bins]
  std::vector<float> mask_;                     // smoothed over bins, whole numbers, [frames, bins]
  std::vector<float> output_;
};

}  // namespace chorale::audio
