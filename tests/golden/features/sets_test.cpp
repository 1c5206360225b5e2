// The two named sets of features, from samples; goldens by tests/golden/make_set_goldens.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "golden/features/goldens.hpp"
#include "golden/features/parity.hpp"
#include "ingest/audio/harmonic.hpp"
#include "ingest/features/beat.hpp"
#include "ingest/features/chroma_cqt.hpp"
#include "ingest/features/chroma_stft.hpp"
#include "ingest/features/cqt.hpp"
#include "ingest/features/mel.hpp"
#include "ingest/features/mfcc.hpp"
#include "ingest/features/onset.hpp"
#include "ingest/features/sets/features_103.hpp"
#include "ingest/features/sets/features_518.hpp"
#include "ingest/features/spectral_contrast.hpp"
#include "ingest/features/spectral_shape.hpp"
#include "ingest/features/tuning.hpp"
#include "ingest/features/waveform.hpp"

namespace chorale::features {
namespace {

using goldens::golden;

constexpr double kRate = 22050;

// What both sets are taken of.
struct Analysis {
  explicit Analysis(std::span<const float> samples);

  Frames mel, mfcc, power, contrast, chroma_stft;
  std::vector<float> centroid, bandwidth, rolloff, spectral_rms, crossings;
};

Analysis::Analysis(std::span<const float> samples) {
  Stft stft({});
  const std::size_t frames = stft.frames(samples.size());
  const double step = hz_per_bin(kRate, 2048);
  power.resize(frames, stft.bins());
  SpectralContrast contrasts({});
  contrasts.begin(frames);
  TuningEstimator tuning(2048, kRate);
  std::vector<float> magnitudes(stft.bins());
  stft.power(samples, [&](std::size_t frame, std::span<const float> row) {
    std::ranges::copy(row, power[frame].begin());
    magnitude(row, magnitudes);
    tuning.add(row);
    contrasts.add(frame, magnitudes);
    const double mean = spectral_centroid(magnitudes, step);
    centroid.push_back(static_cast<float>(mean));
    bandwidth.push_back(static_cast<float>(spectral_bandwidth(magnitudes, step, mean)));
    rolloff.push_back(static_cast<float>(spectral_rolloff(magnitudes, step)));
    spectral_rms.push_back(static_cast<float>(features::spectral_rms(row, 2048)));
  });
  contrasts.finish(contrast);
  features::chroma_stft(power, ChromaFilterBank(2048, kRate, tuning.from_power(12)), chroma_stft);
  ZeroCrossingRate({}).compute(samples, crossings);

  MelSpectrogram spectrogram({}, {});
  const auto decibels = spectrogram.compute(samples);
  mel.resize(frames, spectrogram.n_mels());
  std::ranges::copy(decibels, mel.values().begin());
  Mfcc(mel.bins(), 20).compute(mel.values(), mfcc);
}

Frames folded_cqt(std::span<const float> samples, std::size_t bins_per_octave) {
  Stft stft({});
  TuningEstimator tuning(2048, kRate);
  stft.power(samples, [&](std::size_t, std::span<const float> row) { tuning.add(row); });
  OctaveSignals octaves;
  octaves.begin_track(samples);
  Frames cqt, folded;
  Cqt({.bins_per_octave = bins_per_octave}).compute(octaves, tuning.from_magnitude(bins_per_octave), cqt);
  fold_octaves(cqt, bins_per_octave, folded);
  return folded;
}

std::vector<float> all_103(std::span<const float> samples) {
  const Analysis analysis(samples);
  Frames chroma, centroids;
  chroma_cqt(folded_cqt(audio::HarmonicPart().separate(samples), 36), chroma);
  tonnetz(chroma, centroids);
  const auto envelope = onset_strength(analysis.mel, {}, OnsetAggregate::kMean);
  std::vector<float> values;
  features_103({.samples = samples,
                .beats = BeatTracker({}).track(onset_strength(analysis.mel, {}, OnsetAggregate::kMedian)),
                .onset_count = onset_detect(envelope, {}).size(),
                .zero_crossing_rate = analysis.crossings,
                .spectral_centroid = analysis.centroid,
                .spectral_rolloff = analysis.rolloff,
                .spectral_bandwidth = analysis.bandwidth,
                .mfcc = analysis.mfcc,
                .contrast = analysis.contrast,
                .chroma = analysis.chroma_stft,
                .tonnetz = centroids,
                .tempogram = Tempogram().summary(envelope),
                .onset_envelope = envelope},
               values);
  return values;
}

std::vector<float> all_518(std::span<const float> samples) {
  const Analysis analysis(samples);
  const Frames folded = folded_cqt(samples, 12);
  Frames chroma, cens, centroids;
  chroma_cqt(folded, chroma);
  chroma_cens(folded, cens);
  tonnetz(cens, centroids);
  std::vector<float> values;
  features_518({.chroma_cens = cens,
                .chroma_cqt = chroma,
                .chroma_stft = analysis.chroma_stft,
                .mfcc = analysis.mfcc,
                .spectral_rms = analysis.spectral_rms,
                .spectral_bandwidth = analysis.bandwidth,
                .spectral_centroid = analysis.centroid,
                .spectral_contrast = analysis.contrast,
                .spectral_rolloff = analysis.rolloff,
                .tonnetz = centroids,
                .zero_crossing_rate = analysis.crossings},
               values);
  return values;
}

goldens::Names lines(const std::string& file) {
  std::ifstream stream(goldens::data() / file);
  goldens::Names names;
  for (std::string line; std::getline(stream, line);) names.push_back(line);
  return names;
}

TEST(HarmonicPart, EqualsLibrosa) {
  audio::HarmonicPart harmonic;
  for (const auto& name : goldens::feature_signals()) {
    const auto samples = goldens::samples(name);
    const auto separated = harmonic.separate(samples);
    ASSERT_EQ(separated.size(), samples.size());
    std::vector<float> chosen;
    for (std::size_t i = 0; i < separated.size(); i += 61) chosen.push_back(separated[i]);
    parity::compare("harmonic part", name, chosen, golden(name, "harmonic"));
  }
}

TEST(Features103, HaveTheNamesOfTheReference) { EXPECT_EQ(features_103_names(), lines("features_103.txt")); }
TEST(Features518, HaveTheNamesOfTheReference) { EXPECT_EQ(features_518_names(), lines("features_518.txt")); }

// Most frames of a constant and of an impulse hold only what rounding left, so that their pitches mean
// nothing; and an mfcc or a contrast that is 0 but for a last bit has no relative error. Both are compared
// frame by frame elsewhere.
bool is_compared(const std::string& signal, const std::string& column) {
  if (signal != "dc_2s" && signal != "impulse_2s") return true;
  for (const char* feature : {"chroma", "tonnetz", "key", "mfcc", "contrast"}) {
    if (column.find(feature) != std::string::npos) return false;
  }
  return true;
}

template <class Chosen>
void compare_columns(const std::string& row, const std::string& signal, const goldens::Names& names,
                     const std::vector<float>& values, const std::vector<double>& expected,
                     const Chosen& chosen) {
  ASSERT_EQ(values.size(), names.size());
  std::vector<double> a, e;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!is_compared(signal, names[i]) || !chosen(names[i])) continue;
    a.push_back(static_cast<double>(values[i]));
    e.push_back(expected.at(i));
  }
  parity::compare(row, signal, a, e);
}

bool is_shape(const std::string& column) {
  return column.find("_skew_") != std::string::npos || column.find("_kurtosis_") != std::string::npos;
}

TEST(Features103, EqualLibrosa) {
  for (const auto& name : goldens::feature_signals()) {
    compare_columns("features_103", name, features_103_names(), all_103(goldens::samples(name)),
                    golden<double>(name, "features_103"), [](const std::string&) { return true; });
  }
}

TEST(Features518, EqualLibrosa) {
  for (const auto& name : goldens::feature_signals()) {
    const auto values = all_518(goldens::samples(name));
    const auto expected = golden<double>(name, "features_518");
    compare_columns("features_518", name, features_518_names(), values, expected,
                    [](const std::string& column) { return !is_shape(column); });
    compare_columns("features_518, skew, kurtosis", name, features_518_names(), values, expected, is_shape);
  }
}

}  // namespace
}  // namespace chorale::features
