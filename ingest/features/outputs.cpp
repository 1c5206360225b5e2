#include "ingest/features/outputs.hpp"

#include <cmath>
#include <map>
#include <memory>
#include <numeric>

#include "ingest/features/decibel.hpp"
#include "ingest/features/key.hpp"
#include "ingest/features/sets/set_outputs.hpp"
#include "ingest/features/tempogram.hpp"

namespace chorale::features {
namespace {

using config::Experiment;
using store::FeatureKind;
using store::FeatureScale;
using Values = std::span<const float>;

const std::vector<std::string> kPitchClassNames = {"C",  "C#", "D",  "D#", "E",  "F",
                                                   "F#", "G",  "G#", "A",  "A#", "B"};

std::vector<std::string> numbered(const std::string& name, std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 1; i <= count; ++i) names.push_back(name + std::to_string(i));
  return names;
}

// The frames of the track, where a transform gave one more.
Values first_frames(const Frames& values, const Analysis& analysis) {
  return values.values().first(analysis.frames() * values.bins());
}

Output stft(const Experiment& experiment) {
  const auto bins = static_cast<std::size_t>(1 + experiment.features.n_fft / 2);
  const auto buffer = std::make_shared<std::vector<float>>();
  const auto copy_power = [buffer](Analysis& analysis) {
    const Values power = analysis.power().values();
    buffer->assign(power.begin(), power.end());
  };
  if (experiment.features.stft.scale == config::StftScale::kDb) {
    return {{.width = bins, .scale = FeatureScale::kDecibel}, [=](Analysis& analysis) -> Values {
              copy_power(analysis);
              power_to_db(*buffer);
              return *buffer;
            }};
  }
  return {{.width = bins}, [=](Analysis& analysis) -> Values {
            copy_power(analysis);
            for (float& value : *buffer) value = std::sqrt(value);
            return *buffer;
          }};
}

Output mel(const Experiment& experiment) {
  return {
      {.width = static_cast<std::size_t>(experiment.features.mel.n_mels), .scale = FeatureScale::kDecibel},
      [](Analysis& analysis) { return analysis.mel().values(); }};
}

// Coefficients, then their first and second derivatives as far as they are asked for, in one row.
class MfccWithDeltas {
 public:
  MfccWithDeltas(std::size_t n_mels, std::size_t n_mfcc, std::int64_t deltas)
      : mfcc_(n_mels, n_mfcc), deltas_(deltas) {}

  Values compute(Analysis& analysis) {
    mfcc_.compute(analysis.mel().values(), parts_[0]);
    if (deltas_ == 0) return parts_[0].values();
    delta(parts_[0], Derivative::kFirst, parts_[1]);
    if (deltas_ == 2) delta(parts_[0], Derivative::kSecond, parts_[2]);
    const std::size_t n = mfcc_.n_mfcc();
    joined_.resize(parts_[0].frames(), n * static_cast<std::size_t>(1 + deltas_));
    for (std::size_t frame = 0; frame < joined_.frames(); ++frame) {
      auto out = joined_[frame].begin();
      for (std::int64_t i = 0; i <= deltas_; ++i) {
        const Values row = parts_[static_cast<std::size_t>(i)][frame];
        out = std::copy(row.begin(), row.end(), out);
      }
    }
    return joined_.values();
  }

 private:
  Mfcc mfcc_;
  std::int64_t deltas_;
  std::array<Frames, 3> parts_;
  Frames joined_;
};

Output mfcc(const Experiment& experiment) {
  const auto& features = experiment.features;
  const auto n = static_cast<std::size_t>(features.mfcc.n_mfcc);
  std::vector<std::string> columns = numbered("mfcc_", n);
  for (std::int64_t order = 1; order <= features.mfcc.deltas; ++order) {
    const auto names = numbered("delta" + std::to_string(order) + "_", n);
    columns.insert(columns.end(), names.begin(), names.end());
  }
  const auto state = std::make_shared<MfccWithDeltas>(static_cast<std::size_t>(features.mel.n_mels), n,
                                                      features.mfcc.deltas);
  return {{.width = columns.size(), .columns = columns},
          [state](Analysis& analysis) { return state->compute(analysis); }};
}

// A representation that the analysis has as it is stored.
template <const Frames& (Analysis::*member)()>
Output as_it_is(std::vector<std::string> columns) {
  return {{.width = columns.size(), .columns = columns},
          [](Analysis& analysis) { return first_frames((analysis.*member)(), analysis); }};
}

Output chroma_stft(const Experiment&) { return as_it_is<&Analysis::chroma_stft>(kPitchClassNames); }
Output chroma_cqt(const Experiment&) { return as_it_is<&Analysis::chroma_cqt>(kPitchClassNames); }
Output chroma_cens(const Experiment&) { return as_it_is<&Analysis::chroma_cens>(kPitchClassNames); }
Output contrast(const Experiment&) { return as_it_is<&Analysis::spectral_contrast>(numbered("band_", 7)); }
Output tonnetz(const Experiment&) {
  return as_it_is<&Analysis::tonnetz>(
      {"fifth_x", "fifth_y", "minor_third_x", "minor_third_y", "major_third_x", "major_third_y"});
}

Output tempogram(const Experiment& experiment) {
  struct State {
    Tempogram tempogram;
    Frames frames;
  };
  const auto width = static_cast<std::size_t>(experiment.features.tempogram.win_length);
  const auto state = std::make_shared<State>(State{Tempogram(width), {}});
  return {{.width = width}, [state](Analysis& analysis) -> Values {
            state->tempogram.compute(analysis.onset_envelope(OnsetAggregate::kMean), state->frames);
            return state->frames.values();
          }};
}

Output estimates(const Experiment&) {
  const auto buffer = std::make_shared<std::array<float, 5>>();
  return {{.kind = FeatureKind::kTrack,
           .width = buffer->size(),
           .columns = {"tempo", "key", "key_tonic", "key_mode", "key_confidence"}},
          [buffer](Analysis& analysis) -> Values {
            const KeyEstimate key = estimate_key(mean_chroma(analysis.chroma_cqt()));
            *buffer = {static_cast<float>(analysis.beat_track().tempo), static_cast<float>(key.index()),
                       static_cast<float>(key.tonic), key.mode == Mode::kMinor ? 1.0F : 0.0F,
                       static_cast<float>(key.confidence)};
            return *buffer;
          }};
}

template <class Select>
Output events(Select select) {
  const auto buffer = std::make_shared<std::vector<float>>();
  return {{.kind = FeatureKind::kEvents, .width = 1}, [=](Analysis& analysis) -> Values {
            const std::vector<std::size_t>& frames = select(analysis);
            buffer->assign(frames.begin(), frames.end());
            return *buffer;
          }};
}

Output beats(const Experiment&) {
  return events([](Analysis & analysis) -> auto& { return analysis.beat_track().beats; });
}
Output onsets(const Experiment&) {
  return events([](Analysis & analysis) -> auto& { return analysis.onsets(); });
}

const std::map<std::string, Output (*)(const Experiment&)> kMakers = {
    {"stft", stft},
    {"mel", mel},
    {"mfcc", mfcc},
    {"chroma_stft", chroma_stft},
    {"chroma_cqt", chroma_cqt},
    {"chroma_cens", chroma_cens},
    {"spectral_contrast", contrast},
    {"tonnetz", tonnetz},
    {"tempogram", tempogram},
    {"features_103", make_features_103},
    {"features_518", make_features_518},
    {"estimates", estimates},
    {"beats", beats},
    {"onsets", onsets},
};

}  // namespace

Output make_output(const std::string& name, const Experiment& experiment) {
  Output output = kMakers.at(name)(experiment);
  output.feature.name = name;
  if (output.feature.kind == FeatureKind::kFrames) output.feature.type = experiment.store.dtype;
  return output;
}

}  // namespace chorale::features
