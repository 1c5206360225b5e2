#include "ingest/features/sets/set_outputs.hpp"

#include <memory>
#include <vector>

#include "ingest/features/sets/features_103.hpp"
#include "ingest/features/sets/features_518.hpp"
#include "ingest/features/spectral_shape.hpp"
#include "ingest/features/tempogram.hpp"

namespace chorale::features {
namespace {

class Set103 {
 public:
  std::span<const float> compute(Analysis& analysis) {
    const SpectralShape& shape = analysis.spectral_shape();
    const auto envelope = analysis.onset_envelope(OnsetAggregate::kMean);
    features_103({.sample_rate = analysis.options().sample_rate,
                  .samples = analysis.samples(),
                  .beats = analysis.beat_track(),
                  .onset_count = analysis.onsets().size(),
                  .zero_crossing_rate = analysis.zero_crossing_rate(),
                  .spectral_centroid = shape.centroid,
                  .spectral_rolloff = shape.rolloff,
                  .spectral_bandwidth = shape.bandwidth,
                  .mfcc = analysis.standard_mfcc(),
                  .contrast = analysis.spectral_contrast(),
                  .chroma = analysis.chroma_stft(),
                  .tonnetz = analysis.tonnetz(),
                  .tempogram = tempogram_.summary(envelope),
                  .onset_envelope = envelope},
                 values_);
    return values_;
  }

 private:
  Tempogram tempogram_;
  std::vector<float> values_;
};

class Set518 {
 public:
  std::span<const float> compute(Analysis& analysis) {
    const Frames& folded = analysis.folded_cqt(12);
    chroma_cqt(folded, chroma_);
    chroma_cens(folded, cens_);
    tonnetz(cens_, centroids_);
    const Frames& power = analysis.power();
    rms_.resize(power.frames());
    for (std::size_t frame = 0; frame < rms_.size(); ++frame) {
      rms_[frame] = static_cast<float>(spectral_rms(power[frame], analysis.options().stft.n_fft));
    }
    const SpectralShape& shape = analysis.spectral_shape();
    features_518({.chroma_cens = cens_,
                  .chroma_cqt = chroma_,
                  .chroma_stft = analysis.chroma_stft(),
                  .mfcc = analysis.standard_mfcc(),
                  .spectral_rms = rms_,
                  .spectral_bandwidth = shape.bandwidth,
                  .spectral_centroid = shape.centroid,
                  .spectral_contrast = analysis.spectral_contrast(),
                  .spectral_rolloff = shape.rolloff,
                  .tonnetz = centroids_,
                  .zero_crossing_rate = analysis.zero_crossing_rate()},
                 values_);
    return values_;
  }

 private:
  Frames chroma_, cens_, centroids_;
  std::vector<float> rms_, values_;
};

template <class Set>
Output make_set(const std::vector<std::string>& columns, std::shared_ptr<Set> set) {
  return {{.kind = store::FeatureKind::kTrack, .width = columns.size(), .columns = columns},
          [set](Analysis& analysis) { return set->compute(analysis); }};
}

}  // namespace

Output make_features_103(const config::Experiment&) {
  return make_set(features_103_names(), std::make_shared<Set103>());
}

Output make_features_518(const config::Experiment&) {
  return make_set(features_518_names(), std::make_shared<Set518>());
}

}  // namespace chorale::features
