// How much of a power spectrum sounds in each of the 12 pitch classes, equal to librosa.feature.chroma_stft.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ingest/features/frames.hpp"

namespace chorale::features {

inline constexpr std::size_t kPitchClasses = 12;  // C, C#, ..., B

// The weights of librosa.filters.chroma (n_chroma 12, ctroct 5, octwidth 2): a Gaussian of the distance in
// semitones for each bin and class, each bin's weights of Euclidean norm 1, then a Gaussian over octaves.
class ChromaFilterBank {
 public:
  // tuning: fractions of a semitone. sample_rate: Hz.
  ChromaFilterBank(std::size_t n_fft, double sample_rate, double tuning);

  // power [1 + n_fft/2] to chroma [12].
  void apply(std::span<const float> power, std::span<float> chroma) const;
  std::span<const float> weights() const { return weights_; }  // [1 + n_fft/2, 12]

 private:
  std::vector<float> weights_;
};

// The power spectrogram [frames, 1 + n_fft/2] to chroma [frames, 12], each frame's maximum 1 (silence:
// zeros). librosa draws the filters with TuningEstimator::from_power(12) of the same spectrogram.
void chroma_stft(const Frames& power, const ChromaFilterBank& filters, Frames& chroma);

}  // namespace chorale::features
