// What the features of one track are made of: each intermediate is computed when a feature first asks for it,
// once, and shared by all that need it.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "ingest/features/beat.hpp"
#include "ingest/features/chroma_cqt.hpp"
#include "ingest/features/chroma_stft.hpp"
#include "ingest/features/cqt.hpp"
#include "ingest/features/frames.hpp"
#include "ingest/features/lazy.hpp"
#include "ingest/features/mel.hpp"
#include "ingest/features/mfcc.hpp"
#include "ingest/features/onset.hpp"
#include "ingest/features/spectral_contrast.hpp"
#include "ingest/features/stft.hpp"
#include "ingest/features/tuning.hpp"
#include "ingest/features/waveform.hpp"

namespace chorale::features {

// Whether the power spectrogram is kept: where nothing but mel() is made of it, frames come and go.
enum class Spectrum { kStreamed, kKept };

struct AnalysisOptions {
  double sample_rate = 22050;  // Hz
  StftOptions stft;
  MelOptions mel;  // of mel() alone; its sample_rate is the one above
  Spectrum spectrum = Spectrum::kKept;
};

// One value a frame, in Hz.
struct SpectralShape {
  std::vector<float> centroid, bandwidth, rolloff;
};

// Results are valid until the next track. frames = 1 + samples / hop_length everywhere; a CQT above 33 kHz
// may have one more. What the options do not allow (a CQT at 8 kHz) throws runtime::UsageError when it is
// asked for.
class Analysis {
 public:
  explicit Analysis(const AnalysisOptions& options);

  const AnalysisOptions& options() const { return options_; }

  // `samples` are borrowed until the next track. Precondition: at least one.
  void begin_track(std::span<const float> samples);
  std::span<const float> samples() const { return samples_; }
  std::size_t frames() const { return stft_.frames(samples_.size()); }

  const Frames& power();          // |STFT|^2, [frames, 1 + n_fft/2]
  const Frames& mel();            // dB with reference 1 and no floor, as the options say
  const Frames& standard_mel();   // the same of librosa's defaults: 128 bands up to half the sample rate
  const Frames& standard_mfcc();  // 20 coefficients of standard_mel()
  const Frames& spectral_contrast();
  const SpectralShape& spectral_shape();
  const std::vector<float>& zero_crossing_rate();

  const Frames& chroma_stft();
  // |CQT| folded to pitch classes, [frames, 12]; 36 or (for FMA) 12 bins an octave.
  const Frames& folded_cqt(std::size_t bins_per_octave);
  const Frames& chroma_cqt();  // of 36 bins an octave, as the two that follow
  const Frames& chroma_cens();
  const Frames& tonnetz();

  std::span<const float> onset_envelope(OnsetAggregate aggregate);  // [frames]
  const std::vector<std::size_t>& onsets();                         // frames
  const BeatTrack& beat_track();

 private:
  template <class Consume>
  void each_power(Consume consume);
  void each_power_in_lanes(const Stft::LanesConsumer& consume);
  void compute_mel(MelDecibels& decibels, Frames& mel);
  const TuningEstimator& tuning();  // of the spectrogram above
  const TuningEstimator& cqt_tuning();

  AnalysisOptions options_;
  OnsetOptions onset_options_;
  std::span<const float> samples_;

  Stft stft_;
  MelDecibels mel_decibels_, standard_mel_decibels_;
  Mfcc mfcc_;
  std::map<std::size_t, Cqt> cqts_;  // by bins an octave
  OctaveSignals octaves_;
  ZeroCrossingRate zero_crossings_;
  std::optional<SpectralContrast> contrasts_;
  std::optional<BeatTracker> beats_;
  std::optional<Stft> stft_of_cqt_tuning_;

  Lazy<Frames> power_, mel_, standard_mel_, mfccs_, contrast_, chroma_stft_, chroma_cqt_, cens_, tonnetz_;
  std::map<std::size_t, Lazy<Frames>> folded_;
  std::map<OnsetAggregate, Lazy<std::vector<float>>> envelopes_;
  Lazy<SpectralShape> shape_;
  Lazy<std::vector<float>> zcr_;
  Lazy<std::vector<std::size_t>> onsets_;
  Lazy<BeatTrack> beat_track_;
  Lazy<std::optional<TuningEstimator>> tuning_, cqt_tuning_;
  Frames cqt_;
};

}  // namespace chorale::features
