#include "ingest/features/analysis.hpp"

#include "ingest/features/decibel.hpp"
#include "ingest/features/spectral_shape.hpp"

namespace chorale::features {
namespace {

constexpr std::size_t kMfccs = 20;
constexpr StftOptions kCqtTuning;  // what librosa.cqt estimates the tuning from

MelOptions standard_mel_options(double sample_rate) { return {.sample_rate = sample_rate}; }

}  // namespace

Analysis::Analysis(const AnalysisOptions& options)
    : options_(options),
      onset_options_{options.sample_rate, options.stft.n_fft, options.stft.hop_length},
      stft_(options.stft),
      mel_decibels_(options.mel, options.stft.n_fft),
      standard_mel_decibels_(standard_mel_options(options.sample_rate), options.stft.n_fft),
      mfcc_(standard_mel_decibels_.n_mels(), kMfccs),
      zero_crossings_({.frame_length = options.stft.n_fft, .hop_length = options.stft.hop_length}) {}

void Analysis::begin_track(std::span<const float> samples) {
  samples_ = samples;
  octaves_.begin_track(samples);
  for (auto* frames : {&power_, &mel_, &standard_mel_, &mfccs_, &contrast_, &chroma_stft_, &chroma_cqt_,
                       &cens_, &tonnetz_}) {
    frames->forget();
  }
  for (auto& [bins, folded] : folded_) folded.forget();
  for (auto& [aggregate, envelope] : envelopes_) envelope.forget();
  shape_.forget();
  zcr_.forget();
  onsets_.forget();
  beat_track_.forget();
  tuning_.forget();
  cqt_tuning_.forget();
}

const Frames& Analysis::power() {
  return power_.get([&](Frames& power) {
    power.resize(frames(), stft_.bins());
    stft_.power(samples_, [&](std::size_t frame, std::span<const float> values) {
      std::copy(values.begin(), values.end(), power[frame].begin());
    });
  });
}

template <class Consume>
void Analysis::each_power(Consume consume) {
  if (options_.spectrum == Spectrum::kStreamed) return stft_.power(samples_, consume);
  const Frames& kept = power();
  for (std::size_t frame = 0; frame < kept.frames(); ++frame) consume(frame, kept[frame]);
}

void Analysis::each_power_in_lanes(const Stft::LanesConsumer& consume) {
  if (options_.spectrum == Spectrum::kStreamed) return stft_.power_in_lanes(samples_, consume);
  const Frames& kept = power();
  std::vector<float> lanes(kLanes * kept.bins());
  for (std::size_t first = 0; first < kept.frames(); first += kLanes) {
    const std::size_t count = std::min(kLanes, kept.frames() - first);
    ConstRows rows;
    for (std::size_t lane = 0; lane < kLanes; ++lane)
      rows[lane] = kept[first + std::min(lane, count - 1)].data();
    to_lanes(rows, kept.bins(), lanes.data());
    consume(first, count, lanes);
  }
}

void Analysis::compute_mel(MelDecibels& decibels, Frames& mel) {
  mel.resize(frames(), decibels.n_mels());
  each_power_in_lanes([&](std::size_t first, std::size_t count, std::span<const float> power) {
    decibels.compute(power, count, mel[first].data());
  });
}

const Frames& Analysis::mel() {
  return mel_.get([&](Frames& mel) { compute_mel(mel_decibels_, mel); });
}

const Frames& Analysis::standard_mel() {
  if (options_.mel == standard_mel_options(options_.sample_rate)) return mel();
  return standard_mel_.get([&](Frames& mel) { compute_mel(standard_mel_decibels_, mel); });
}

const Frames& Analysis::standard_mfcc() {
  return mfccs_.get([&](Frames& mfcc) { mfcc_.compute(standard_mel().values(), mfcc); });
}

const Frames& Analysis::spectral_contrast() {
  return contrast_.get([&](Frames& contrast) {
    if (!contrasts_) {
      contrasts_.emplace(ContrastOptions{.sample_rate = options_.sample_rate, .n_fft = options_.stft.n_fft});
    }
    std::vector<float> magnitudes(stft_.bins());
    contrasts_->begin(frames());
    each_power([&](std::size_t frame, std::span<const float> power) {
      magnitude(power, magnitudes);
      contrasts_->add(frame, magnitudes);
    });
    contrasts_->finish(contrast);
  });
}

const SpectralShape& Analysis::spectral_shape() {
  return shape_.get([&](SpectralShape& shape) {
    for (auto* values : {&shape.centroid, &shape.bandwidth, &shape.rolloff}) values->resize(frames());
    const double step = hz_per_bin(options_.sample_rate, options_.stft.n_fft);
    std::vector<float> magnitudes(stft_.bins());
    each_power([&](std::size_t frame, std::span<const float> power) {
      magnitude(power, magnitudes);
      const double centroid = spectral_centroid(magnitudes, step);
      shape.centroid[frame] = static_cast<float>(centroid);
      shape.bandwidth[frame] = static_cast<float>(spectral_bandwidth(magnitudes, step, centroid));
      shape.rolloff[frame] = static_cast<float>(spectral_rolloff(magnitudes, step));
    });
  });
}

const std::vector<float>& Analysis::zero_crossing_rate() {
  return zcr_.get([&](std::vector<float>& values) { zero_crossings_.compute(samples_, values); });
}

const TuningEstimator& Analysis::tuning() {
  return *tuning_.get([&](std::optional<TuningEstimator>& estimator) {
    if (!estimator) estimator.emplace(options_.stft.n_fft, options_.sample_rate);
    estimator->clear();
    each_power([&](std::size_t, std::span<const float> power) { estimator->add(power); });
  });
}

const TuningEstimator& Analysis::cqt_tuning() {
  if (options_.stft == kCqtTuning) return tuning();
  return *cqt_tuning_.get([&](std::optional<TuningEstimator>& estimator) {
    if (!stft_of_cqt_tuning_) stft_of_cqt_tuning_.emplace(kCqtTuning);
    if (!estimator) estimator.emplace(kCqtTuning.n_fft, options_.sample_rate);
    estimator->clear();
    stft_of_cqt_tuning_->power(samples_,
                               [&](std::size_t, std::span<const float> power) { estimator->add(power); });
  });
}

const Frames& Analysis::chroma_stft() {
  return chroma_stft_.get([&](Frames& chroma) {
    const ChromaFilterBank filters(options_.stft.n_fft, options_.sample_rate,
                                   tuning().from_power(kPitchClasses));
    features::chroma_stft(power(), filters, chroma);
  });
}

const Frames& Analysis::folded_cqt(std::size_t bins_per_octave) {
  return folded_[bins_per_octave].get([&](Frames& folded) {
    const CqtOptions options{options_.sample_rate, options_.stft.hop_length, bins_per_octave};
    Cqt& cqt = cqts_.try_emplace(bins_per_octave, options).first->second;
    cqt.compute(octaves_, cqt_tuning().from_magnitude(bins_per_octave), cqt_);
    fold_octaves(cqt_, bins_per_octave, folded);
  });
}

const Frames& Analysis::chroma_cqt() {
  return chroma_cqt_.get([&](Frames& chroma) { features::chroma_cqt(folded_cqt(36), chroma); });
}

const Frames& Analysis::chroma_cens() {
  return cens_.get([&](Frames& chroma) { features::chroma_cens(folded_cqt(36), chroma); });
}

const Frames& Analysis::tonnetz() {
  return tonnetz_.get([&](Frames& centroids) { features::tonnetz(chroma_cqt(), centroids); });
}

std::span<const float> Analysis::onset_envelope(OnsetAggregate aggregate) {
  return envelopes_[aggregate].get([&](std::vector<float>& envelope) {
    envelope = onset_strength(standard_mel(), onset_options_, aggregate);
  });
}

const std::vector<std::size_t>& Analysis::onsets() {
  return onsets_.get([&](std::vector<std::size_t>& frames) {
    frames = onset_detect(onset_envelope(OnsetAggregate::kMean), onset_options_);
  });
}

const BeatTrack& Analysis::beat_track() {
  return beat_track_.get([&](BeatTrack& track) {
    if (!beats_) beats_.emplace(onset_options_);
    track = beats_->track(onset_envelope(OnsetAggregate::kMedian));
  });
}

}  // namespace chorale::features
