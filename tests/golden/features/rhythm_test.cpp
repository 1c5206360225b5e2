// Rhythm features against librosa; goldens by make_rhythm_goldens.py.
#include "ingest/features/rhythm.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "golden/features/goldens.hpp"
#include "golden/features/parity.hpp"
#include "ingest/features/beat.hpp"
#include "ingest/features/mel.hpp"
#include "ingest/features/onset.hpp"
#include "ingest/features/tempo.hpp"
#include "ingest/features/tempogram.hpp"
#include "support/mel_spectrogram.hpp"

namespace chorale {
namespace {

using features::OnsetAggregate;
using features::OnsetOptions;
using goldens::golden;

struct Metronome {
  std::string name;
  OnsetOptions options;
};

const std::vector<Metronome> kMetronomes = {
    {"metronome_60", {}},
    {"metronome_90", {}},
    {"metronome_120", {}},
    {"metronome_128", {}},
    {"metronome_174", {}},
    {"metronome_100_hop_256", {.hop_length = 256}},
    {"metronome_110_44100", {.sample_rate = 44100}},
    {"metronome_140_8000", {.sample_rate = 8000, .hop_length = 200}},
    {"metronome_75_hop_1500", {.sample_rate = 16000, .hop_length = 1500}},
};

std::vector<float> onset_strength(const std::string& name, OnsetAggregate aggregate) {
  testing_support::MelSpectrogram mel({}, {});
  const auto values = mel.compute(goldens::samples(name));
  features::Frames frames;
  frames.resize(values.size() / mel.n_mels(), mel.n_mels());
  std::ranges::copy(values, frames.values().begin());
  return features::onset_strength(frames, {}, aggregate);
}

void compare_events(const std::string& name, const OnsetOptions& options, std::span<const float> envelope,
                    std::span<const float> median) {
  const auto tempi = golden<double>(name, "tempo");
  parity::compare("onsets", name, features::onset_detect(envelope, options),
                  golden<std::int32_t>(name, "onsets"));
  parity::compare("tempo", name, std::vector{features::TempoEstimator(options).estimate(envelope)},
                  std::vector{tempi[0]});
  const auto track = features::BeatTracker(options).track(median);
  parity::compare("beat tempo", name, std::vector{track.tempo}, std::vector{tempi[1]});
  parity::compare("beats", name, track.beats, golden<std::int32_t>(name, "beats"));
}

TEST(OnsetStrength, OfSamplesEqualsLibrosa) {
  for (const auto& name : goldens::feature_signals()) {
    parity::compare("onset strength", name, onset_strength(name, OnsetAggregate::kMean),
                    golden(name, "onset"));
    parity::compare("onset strength, median", name, onset_strength(name, OnsetAggregate::kMedian),
                    golden(name, "onset_median"));
  }
}

TEST(Rhythm, OfSamplesEqualsLibrosa) {
  for (const auto& name : goldens::feature_signals()) {
    compare_events(name, {}, onset_strength(name, OnsetAggregate::kMean),
                   onset_strength(name, OnsetAggregate::kMedian));
  }
}

TEST(Rhythm, OfEnvelopesEqualsLibrosa) {
  for (const auto& name : goldens::feature_signals()) {
    compare_events(name, {}, golden(name, "onset"), golden(name, "onset_median"));
  }
}

TEST(Rhythm, OfMetronomesEqualsLibrosa) {
  for (const auto& [name, options] : kMetronomes) {
    compare_events(name, options, golden(name, "onset"), golden(name, "onset_median"));
  }
}

// One after another in each array: events as 0 or 1 a frame.
TEST(Rhythm, OfRandomEnvelopesEqualsLibrosa) {
  const std::string name = "random_envelopes";
  const auto envelopes = golden(name, "onset");
  std::vector<int> onsets(envelopes.size()), beats(envelopes.size());
  std::vector<double> tempi;
  features::TempoEstimator tempo({});
  features::BeatTracker tracker({});
  std::size_t first = 0;
  for (const auto length : golden<std::int32_t>(name, "length")) {
    const auto envelope = std::span(envelopes).subspan(first, static_cast<std::size_t>(length));
    for (const auto frame : features::onset_detect(envelope, {})) onsets[first + frame] = 1;
    const auto track = tracker.track(envelope);
    for (const auto frame : track.beats) beats[first + frame] = 1;
    tempi.push_back(tempo.estimate(envelope));
    tempi.push_back(track.tempo);
    first += envelope.size();
  }
  parity::compare("onsets", name, onsets, golden<std::int32_t>(name, "onsets"));
  parity::compare("beats", name, beats, golden<std::int32_t>(name, "beats"));
  parity::compare("tempo", name, tempi, golden<double>(name, "tempo"));
}

TEST(Tempogram, OfEnvelopesEqualsLibrosa) {
  features::Tempogram tempogram;
  features::Frames frames;
  for (const auto& name : goldens::feature_signals()) {
    const auto envelope = golden(name, "onset");
    tempogram.compute(envelope, frames);
    std::vector<float> actual;
    for (const auto frame : golden<std::int32_t>(name, "tempogram_frames")) {
      const auto row = frames[static_cast<std::size_t>(frame)];
      actual.insert(actual.end(), row.begin(), row.end());
    }
    parity::compare("tempogram", name, actual, golden(name, "tempogram"), frames.bins());
    const auto summary = tempogram.summary(envelope);
    const auto figures = golden<double>(name, "rhythm");
    parity::compare("tempogram mean, std, max", name, std::vector{summary.mean, summary.std, summary.max},
                    std::span(figures).first(3));
    parity::compare("rhythm_regularity", name, std::vector{features::rhythm_regularity(envelope)},
                    std::span(figures).last(1));
  }
}

}  // namespace
}  // namespace chorale
