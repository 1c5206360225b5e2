// Spectral features of the feature signals; goldens by tests/golden/make_spectral_goldens.py.
#include <gtest/gtest.h>

#include <algorithm>

#include "golden/features/goldens.hpp"
#include "golden/features/parity.hpp"
#include "ingest/features/decibel.hpp"
#include "ingest/features/mel.hpp"
#include "ingest/features/mfcc.hpp"
#include "ingest/features/moments.hpp"
#include "ingest/features/spectral_contrast.hpp"
#include "ingest/features/spectral_shape.hpp"
#include "ingest/features/waveform.hpp"
#include "support/mel_spectrogram.hpp"

namespace chorale::features {
namespace {

using goldens::golden;

constexpr double kRate = 22050;

struct Case {
  std::string name;
  std::vector<float> samples;
  StftOptions stft = {};
  MelOptions mel = {};
  std::size_t n_mfcc = 20;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const auto& name : goldens::feature_signals()) {
    auto samples = goldens::samples(name);
    const std::size_t n_mfcc = name.starts_with("song") ? 13 : 20;
    all.push_back({.name = name, .samples = std::move(samples), .n_mfcc = n_mfcc});
  }
  auto second = goldens::samples("song2");
  second.resize(22050);
  all.push_back({"small_fft", second, {.n_fft = 1024, .hop_length = 300}, {.n_mels = 40}});
  return all;
}

std::vector<float> column(const std::vector<float>& values, std::size_t bins, std::size_t bin) {
  std::vector<float> result;
  for (std::size_t i = bin; i < values.size(); i += bins) result.push_back(values[i]);
  return result;
}

std::vector<double> flat(const std::vector<Moments>& moments) {
  std::vector<double> values;
  for (const auto& m : moments) {
    values.insert(values.end(), {m.mean, m.std, m.skew, m.kurtosis, m.median, m.min, m.max});
  }
  return values;
}

TEST(Stft, MagnitudeAndDecibelsEqualLibrosa) {
  Stft stft({});
  for (const auto& name : goldens::spectral_signals()) {
    const auto samples = golden(name, "y");
    std::vector<float> magnitudes(stft.bins()), decibels;
    stft.power(samples, [&](std::size_t frame, std::span<const float> power) {
      if (frame != stft.frames(samples.size()) / 2) return;
      magnitude(power, magnitudes);
      decibels.assign(power.begin(), power.end());
      power_to_db(decibels);
    });
    parity::compare("stft, magnitude", name, magnitudes, golden(name, "stft"), stft.bins());
    parity::compare("stft, db", name, decibels, golden(name, "stft_db"));
  }
}

TEST(Mfcc, AndItsDeltasEqualLibrosa) {
  for (const auto& [name, samples, stft, mel, n_mfcc] : cases()) {
    Frames mfcc, first, second;
    Mfcc(mel.n_mels, n_mfcc).compute(testing_support::MelSpectrogram(stft, mel).compute(samples), mfcc);
    parity::compare("mfcc", name, mfcc.values(), golden(name, "mfcc"), n_mfcc);
    if (!goldens::has_golden(name, "mfcc_delta")) continue;
    delta(mfcc, Derivative::kFirst, first);
    delta(mfcc, Derivative::kSecond, second);
    parity::compare("mfcc delta", name, first.values(), golden(name, "mfcc_delta"));
    parity::compare("mfcc delta2", name, second.values(), golden(name, "mfcc_delta2"));
  }
}

TEST(SpectralContrast, EqualsLibrosa) {
  for (const auto& [name, samples, options, mel, n_mfcc] : cases()) {
    Stft stft(options);
    SpectralContrast contrast({.sample_rate = kRate, .n_fft = options.n_fft});
    contrast.begin(stft.frames(samples.size()));
    std::vector<float> magnitudes(stft.bins());
    stft.power(samples, [&](std::size_t frame, std::span<const float> power) {
      magnitude(power, magnitudes);
      contrast.add(frame, magnitudes);
    });
    Frames result;
    contrast.finish(result);
    parity::compare("spectral_contrast", name, result.values(), golden(name, "contrast"), contrast.bands());
  }
}

TEST(SpectralShape, EqualsLibrosa) {
  for (const auto& [name, samples, options, mel, n_mfcc] : cases()) {
    Stft stft(options);
    const double step = hz_per_bin(kRate, options.n_fft);
    Frames shape;
    shape.resize(stft.frames(samples.size()), 4);
    std::vector<float> magnitudes(stft.bins()), scratch(stft.bins());
    stft.power(samples, [&](std::size_t frame, std::span<const float> power) {
      magnitude(power, magnitudes);
      const double centroid = spectral_centroid(magnitudes, step);
      shape[frame][0] = static_cast<float>(centroid);
      shape[frame][1] = static_cast<float>(spectral_bandwidth(magnitudes, step, centroid));
      shape[frame][2] = static_cast<float>(spectral_rolloff(magnitudes, step));
      shape[frame][3] = static_cast<float>(spectral_flatness(power, scratch));
    });
    const std::vector<float> actual(shape.values().begin(), shape.values().end());
    const auto expected = golden(name, "shape");
    std::size_t bin = 0;
    for (const char* feature :
         {"spectral_centroid", "spectral_bandwidth", "spectral_rolloff", "spectral_flatness"}) {
      parity::compare(feature, name, column(actual, 4, bin), column(expected, 4, bin));
      ++bin;
    }
  }
}

TEST(Moments, EqualNumpyAndScipy) {
  for (const auto& [name, samples, stft, mel, n_mfcc] : cases()) {
    for (const auto& [feature, bins] : {std::pair{"mfcc", n_mfcc}, {"shape", std::size_t{4}}}) {
      const auto values = golden(name, feature);
      Frames frames;
      frames.resize(values.size() / bins, bins);
      std::ranges::copy(values, frames.values().begin());
      const auto expected = golden<double>(name, feature + std::string("_moments"));
      parity::compare("moments", name + ", " + feature, flat(moments(frames)), expected);
      const auto simple = mean_std(frames);
      for (std::size_t bin = 0; bin < bins; ++bin) {
        EXPECT_DOUBLE_EQ(simple[bin].mean, moments(frames)[bin].mean) << name;
        EXPECT_DOUBLE_EQ(simple[bin].std, moments(frames)[bin].std) << name;
      }
    }
  }
}

TEST(Waveform, EqualsLibrosa) {
  for (const auto& [name, samples, stft, mel, n_mfcc] : cases()) {
    const FrameOptions options = {.frame_length = stft.n_fft, .hop_length = stft.hop_length};
    std::vector<float> loudness, crossings;
    rms(samples, options, loudness);
    ZeroCrossingRate(options).compute(samples, crossings);
    const auto expected = golden(name, "envelope");
    parity::compare("rms", name, loudness, column(expected, 2, 0));
    parity::compare("zero_crossing_rate", name, crossings, column(expected, 2, 1));
  }
}

}  // namespace
}  // namespace chorale::features
