// Tuning, constant-Q transform, chroma, tonal centroids and key, from samples; goldens by
// tests/golden/make_tonal_goldens.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <vector>

#include "golden/features/goldens.hpp"
#include "golden/features/parity.hpp"
#include "ingest/audio/load.hpp"
#include "ingest/features/chroma_cqt.hpp"
#include "ingest/features/chroma_stft.hpp"
#include "ingest/features/cqt.hpp"
#include "ingest/features/key.hpp"
#include "ingest/features/stft.hpp"
#include "ingest/features/tuning.hpp"
#include "support/stream.hpp"

namespace chorale::features {
namespace {

using goldens::golden;

constexpr double kRate = 22050;
constexpr std::size_t kFft = 2048;

// The spectrum of an impulse is flat: its peaks, and so its tuning, are the rounding of the last bit. What
// follows from the tuning is computed with librosa's.
bool has_a_tuning(const std::string& name) { return name != "impulse_2s"; }

// Most frames of a constant and of an impulse hold only what the resampler rounded, 1e-6 of the loudest
// frame, and a chroma is scaled to 1 whatever its loudness. So there chroma is computed of librosa's own CQT.
bool sounds_throughout(const std::string& name) { return name != "dc_2s" && name != "impulse_2s"; }

struct Tunings {
  double power12, magnitude36, magnitude12;
};

// All that is computed of a signal.
struct Tonal {
  Tunings tuning;
  Frames chroma_stft, cqt36, cqt12;
};

Tonal compute(const std::string& name) {
  const auto samples = goldens::samples(name);
  Stft stft({.n_fft = kFft});
  TuningEstimator estimator(kFft, kRate);
  Frames power;
  power.resize(stft.frames(samples.size()), stft.bins());
  stft.power(samples, [&](std::size_t frame, std::span<const float> values) {
    std::ranges::copy(values, power[frame].begin());
    estimator.add(values);
  });
  const auto librosa = golden<double>(name, "tuning");
  Tonal tonal = {{librosa[0], librosa[1], librosa[2]}, {}, {}, {}};
  if (has_a_tuning(name)) {
    tonal.tuning = {estimator.from_power(12), estimator.from_magnitude(36), estimator.from_magnitude(12)};
  }
  chroma_stft(power, ChromaFilterBank(kFft, kRate, tonal.tuning.power12), tonal.chroma_stft);
  OctaveSignals signals;
  signals.begin_track(samples);
  Cqt({}).compute(signals, tonal.tuning.magnitude36, tonal.cqt36);
  Cqt({.bins_per_octave = 12}).compute(signals, tonal.tuning.magnitude12, tonal.cqt12);
  return tonal;
}

const Tonal& tonal(const std::string& name) {
  static std::map<std::string, Tonal> known;
  const auto found = known.find(name);
  return found != known.end() ? found->second : known.emplace(name, compute(name)).first->second;
}

template <class Values>
std::vector<double> rows(const Values& values, std::size_t bins, const std::vector<std::int32_t>& chosen) {
  std::vector<double> result;
  for (const auto row : chosen) {
    const auto frame = std::span(values).subspan(static_cast<std::size_t>(row) * bins, bins);
    result.insert(result.end(), frame.begin(), frame.end());
  }
  return result;
}

Frames as_frames(const std::vector<float>& values, std::size_t bins) {
  Frames frames;
  frames.resize(values.size() / bins, bins);
  std::ranges::copy(values, frames.values().begin());
  return frames;
}

Frames fold(const Frames& cqt, std::size_t bins_per_octave) {
  Frames folded;
  fold_octaves(cqt, bins_per_octave, folded);
  return folded;
}

TEST(Tuning, EqualsLibrosa) {
  for (const auto& name : goldens::feature_signals()) {
    if (!has_a_tuning(name)) continue;
    const auto& [power12, magnitude36, magnitude12] = tonal(name).tuning;
    parity::compare("tuning", name, std::vector{power12, magnitude36, magnitude12},
                    golden<double>(name, "tuning"));
  }
}

TEST(ChromaFilters, EqualLibrosa) {
  const ChromaFilterBank first(512, 22050, 0.07), second(400, 16000, -0.31);
  parity::compare("chroma filters", "chroma_filters_0", first.weights(),
                  golden("chroma_filters_0", "weights"));
  parity::compare("chroma filters", "chroma_filters_1", second.weights(),
                  golden("chroma_filters_1", "weights"));
}

TEST(ChromaStft, EqualsLibrosa) {
  for (const auto& name : goldens::feature_signals()) {
    parity::compare("chroma_stft", name, tonal(name).chroma_stft.values(), golden(name, "chroma_stft"),
                    kPitchClasses);
  }
}

TEST(Cqt, EqualsLibrosa) {
  for (const auto& name : goldens::feature_signals()) {
    const auto chosen = golden<std::int32_t>(name, "cqt_frames");
    const Frames &cqt36 = tonal(name).cqt36, &cqt12 = tonal(name).cqt12;
    parity::compare("cqt", name, rows(cqt36.values(), cqt36.bins(), chosen), golden(name, "cqt36"));
    parity::compare("cqt", name, rows(cqt12.values(), cqt12.bins(), chosen), golden(name, "cqt12"));
  }
}

TEST(Cqt, EqualsLibrosaAtOtherRatesAndHops) {
  struct Case {
    std::string signal;
    CqtOptions options;
  };
  const std::vector<Case> cases = {{"rate_96000", {96000, 1024, 36}},
                                   {"rate_96000", {96000, 512, 12}},
                                   {"surround_48000", {48000, 441, 36}},
                                   {"tenth_of_a_second", {22050, 300, 12}}};
  for (std::size_t i = 0; i < cases.size(); ++i) {
    audio::Loader loader({.sample_rate = 0});
    OctaveSignals signals;
    Frames cqt;
    const auto stream = testing_support::open_stream(goldens::input_file(cases[i].signal));
    signals.begin_track(loader.load(*stream).samples);
    Cqt(cases[i].options).compute(signals, 0, cqt);
    const std::string name = "cqt_" + std::to_string(i);
    parity::compare("cqt", name, rows(cqt.values(), cqt.bins(), golden<std::int32_t>(name, "cqt_frames")),
                    golden(name, "cqt"));
  }
}

TEST(ChromaCqt, AndTonnetzEqualLibrosa) {
  for (const auto& name : goldens::feature_signals()) {
    Frames chroma, centroids;
    const auto all_chroma = golden(name, "chroma_cqt");
    const auto all_centroids = golden<double>(name, "tonnetz");
    std::vector<std::int32_t> chosen(all_chroma.size() / kPitchClasses);
    std::iota(chosen.begin(), chosen.end(), 0);
    if (sounds_throughout(name)) {
      chroma_cqt(fold(tonal(name).cqt36, 36), chroma);
    } else {
      chosen = golden<std::int32_t>(name, "cqt_frames");
      chroma_cqt(fold(as_frames(golden(name, "cqt36"), 252), 36), chroma);
    }
    tonnetz(chroma, centroids);
    parity::compare("chroma_cqt", name, chroma.values(), rows(all_chroma, kPitchClasses, chosen),
                    kPitchClasses);
    parity::compare("tonnetz", name, centroids.values(), rows(all_centroids, kTonnetzDimensions, chosen),
                    kTonnetzDimensions);
  }
}

TEST(ChromaCens, EqualsLibrosa) {
  for (const auto& name : goldens::feature_signals()) {
    if (!sounds_throughout(name)) continue;
    Frames cens36, cens12;
    chroma_cens(fold(tonal(name).cqt36, 36), cens36);
    chroma_cens(fold(tonal(name).cqt12, 12), cens12);
    parity::compare("chroma_cens", name, cens36.values(), golden(name, "chroma_cens"), kPitchClasses);
    parity::compare("chroma_cens", name, cens12.values(), golden(name, "chroma_cens12"), kPitchClasses);
  }
}

TEST(Key, EqualsTheProfilesInNumpy) {
  for (const auto& name : goldens::feature_signals()) {
    if (!sounds_throughout(name)) continue;
    Frames chroma;
    chroma_cqt(fold(tonal(name).cqt36, 36), chroma);
    const KeyEstimate key = estimate_key(mean_chroma(chroma));
    const KeyEstimate strongest = strongest_pitch_class(mean_chroma(tonal(name).chroma_stft));
    const auto expected = golden<double>(name, "key");
    parity::compare("key", name, std::vector{key.index(), strongest.tonic},
                    std::vector{expected[0], expected[2]});
    parity::compare("key confidence", name, std::vector{key.confidence, strongest.confidence},
                    std::vector{expected[1], expected[3]});
  }
}

}  // namespace
}  // namespace chorale::features
