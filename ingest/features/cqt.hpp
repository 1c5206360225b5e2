// The magnitude of the constant-Q transform, equal to |librosa.cqt| with its defaults: 7 octaves from C1, a
// Hann window, sparsity 0.01, each filter's response divided by the root of its length, zeros beyond both
// ends.
//
// The top octave is computed from the track, each lower one from a track of half the rate with half the hop
// (librosa.vqt, core/constantq.py:760), as long as the hop can be halved.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <vector>

#include "ingest/features/cqt_basis.hpp"
#include "ingest/features/error.hpp"
#include "ingest/features/fftw.hpp"
#include "ingest/features/frames.hpp"
#include "ingest/features/octaves.hpp"

namespace chorale::features {

struct CqtOptions {
  double sample_rate = 22050;    // Hz
  std::size_t hop_length = 512;  // samples
  std::size_t bins_per_octave = 36;
};

inline constexpr std::size_t kCqtOctaves = 7;

// Throws FeatureError where the highest filter would reach beyond half the sample rate in some tuning, as
// librosa does: below about 8.5 kHz.
void check_cqt(const CqtOptions& options);

class Cqt {
 public:
  // Throws as check_cqt.
  explicit Cqt(const CqtOptions& options);

  std::size_t bins() const { return kCqtOctaves * options_.bins_per_octave; }

  // The track that `signals` began, to magnitudes [frames, bins], bins ascending from C1. frames is
  // 1 + samples / hop_length; where the sample rate is so high that librosa divides it first (above 33 kHz),
  // both are divided, the samples rounded up, so that a frame may be added. tuning: fractions of a bin in
  // [-0.5, 0.5]; librosa's is TuningEstimator::from_magnitude(bins_per_octave) of the spectrogram 2048/512.
  void compute(OctaveSignals& signals, double tuning, Frames& magnitudes);

 private:
  struct Octave {
    std::size_t halvings = 0, hop_length = 0;
    std::size_t basis = 0;      // its number
    std::vector<double> gains;  // of each filter
  };
  // What depends on the tuning, of which librosa knows 100.
  struct Plan {
    std::size_t first_divisor = 1;
    std::vector<CqtBasis> bases;  // one serves all octaves whose rate was halved with their frequencies
    std::vector<Octave> octaves;  // from the top
  };

  const Plan& plan_for(double tuning);
  Plan make_plan(double tuning) const;
  // A block of frames from `frame` on.
  void transform(std::span<const float> signal, const CqtBasis& basis, std::size_t hop_length,
                 std::size_t frame, std::size_t count);
  void multiply(const CqtBasis& basis, std::span<const double> gains, std::size_t first_bin,
                std::size_t frame, std::size_t count, Frames& magnitudes) const;

  CqtOptions options_;
  std::map<double, Plan> plans_;
  std::map<std::size_t, SingleRealFft> ffts_;
  std::vector<float> real_, imaginary_;  // the spectra of a block of frames, [bins, block]
};

}  // namespace chorale::features
