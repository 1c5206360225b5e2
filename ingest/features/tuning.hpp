// How far a recording is tuned from A4 = 440 Hz, equal to librosa.estimate_tuning.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace chorale::features {

// The peaks of a spectrogram between 150 and 4000 Hz (librosa.piptrack) and the tuning that most of them
// agree on (librosa.pitch_tuning, resolution 0.01). One pass over a power spectrogram serves both of
// librosa's callers: chroma_stft estimates from power, cqt from magnitude (always of n_fft 2048 and hop 512).
class TuningEstimator {
 public:
  TuningEstimator(std::size_t n_fft, double sample_rate);

  void clear();                            // before the first frame of a track
  void add(std::span<const float> power);  // |X|^2 of the next frame, [1 + n_fft/2]

  // In fractions of a bin, [-0.5, 0.5); 0 without any peak. The frames must have been added.
  double from_power(std::size_t bins_per_octave) const { return power_.tuning(bins_per_octave); }
  double from_magnitude(std::size_t bins_per_octave) const { return magnitude_.tuning(bins_per_octave); }

 private:
  struct Peaks {
    std::vector<float> pitch, height;  // Hz; interpolated
    double tuning(std::size_t bins_per_octave) const;
  };
  void add_peak(Peaks& peaks, std::size_t bin, float left, float centre, float right) const;

  double sample_rate_, n_fft_;
  std::size_t first_, last_;  // bins of [150, 4000) Hz
  Peaks power_, magnitude_;
};

}  // namespace chorale::features
