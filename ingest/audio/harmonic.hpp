// The harmonic part of a signal, without its drums: librosa.effects.harmonic (effects.py) with its defaults.
//
// A spectrogram's median over 31 frames keeps what lasts, its median over 31 bins keeps what is sudden; each
// bin is multiplied by the share of the first, squares taken (decompose.hpss, util.softmask with power 2).
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "ingest/audio/inverse_stft.hpp"
#include "ingest/audio/running_median.hpp"
#include "ingest/features/stft.hpp"

namespace chorale::audio {

// Holds some frames at a time, however long the signal.
class HarmonicPart {
 public:
  explicit HarmonicPart(const features::StftOptions& options = {});

  // As many samples; valid until the next call. Precondition: at least one sample.
  std::span<const float> separate(std::span<const float> samples);

 private:
  static constexpr std::size_t kLanes = RunningMedian::kLanes;  // bins, or frames, at a time
  static constexpr std::size_t kRing = 64;  // frames that are kept: more than a window and two blocks

  std::span<float> row(std::vector<float>& ring, std::size_t frame);
  void load(std::size_t frame, std::span<const std::complex<double>> spectrum);
  void take_medians_over_bins(std::size_t first_frame, std::size_t frames);
  void step_medians_over_frames(std::ptrdiff_t oldest, std::ptrdiff_t newest);
  void finish_frame(std::size_t frame);

  features::Stft stft_;
  InverseStft inverse_;
  std::size_t bins_, blocks_;                  // blocks of kLanes bins
  std::size_t frames_ = 0;                     // of this signal
  std::vector<std::complex<double>> spectra_;  // [kRing, bins]
  std::vector<float> magnitudes_;              // [kRing, blocks * kLanes]
  std::vector<float> sudden_;                  // medians over bins, the same
  std::vector<RunningMedian> lasting_;         // over frames, [blocks]
  std::vector<float> transposed_;              // a block of frames, [bins, kLanes]
  std::vector<float> output_;
};

}  // namespace chorale::audio
