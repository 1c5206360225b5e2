// Samples to mel spectrograms in dB, step by step; goldens by tests/golden/make_goldens.py.
#include "ingest/features/mel.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "golden/features/goldens.hpp"
#include "golden/features/parity.hpp"
#include "ingest/audio/load.hpp"
#include "ingest/features/decibel.hpp"
#include "support/mel_spectrogram.hpp"
#include "support/stream.hpp"

namespace chorale {
namespace {

using goldens::golden;

TEST(Stft, PowerEqualsLibrosa) {
  features::Stft stft({});
  for (const auto& name : goldens::spectral_signals()) {
    const auto frames = golden<std::int32_t>(name, "frames");
    std::vector<float> power;
    stft.power(golden(name, "y"), [&](std::size_t frame, std::span<const float> values) {
      if (std::ranges::count(frames, static_cast<std::int32_t>(frame)) > 0) {
        power.insert(power.end(), values.begin(), values.end());
      }
    });
    parity::compare("power", name, power, golden(name, "power"));
  }
}

void compare_filters(const std::string& name, const features::MelOptions& options, std::size_t n_fft) {
  const auto rows = golden<std::int32_t>(name, "rows"), columns = golden<std::int32_t>(name, "columns");
  const auto weights = golden(name, "weights");
  const std::size_t bins = 1 + n_fft / 2;
  std::vector<float> expected(options.n_mels * bins);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    expected[static_cast<std::size_t>(rows[i]) * bins + static_cast<std::size_t>(columns[i])] = weights[i];
  }
  parity::compare("mel filters", name, features::MelFilterBank(options, n_fft).dense(), expected);
}

TEST(MelFilters, EqualLibrosa) {
  compare_filters("filters_default", {}, 2048);
  compare_filters("filters_narrow", {.sample_rate = 16000, .n_mels = 40, .fmin = 50, .fmax = 7000}, 512);
}

TEST(MelFilters, OfPowerEqualLibrosa) {
  const features::MelFilterBank filters({}, 2048);
  for (const auto& name : goldens::spectral_signals()) {
    const auto power = golden(name, "power"), all = golden(name, "mel");
    std::vector<float> actual, expected;
    std::size_t row = 0;
    for (const auto frame : golden<std::int32_t>(name, "frames")) {
      const std::size_t mels = filters.n_mels();
      std::vector<float> lanes(1025 * features::kLanes), mel(mels * features::kLanes);
      for (std::size_t bin = 0; bin < 1025; ++bin)
        lanes[bin * features::kLanes + 3] = power[row * 1025 + bin];
      filters.apply(lanes, mel);
      for (std::size_t band = 0; band < mels; ++band) actual.push_back(mel[band * features::kLanes + 3]);
      ++row;
      const auto golden_row = std::span(all).subspan(static_cast<std::size_t>(frame) * mels, mels);
      expected.insert(expected.end(), golden_row.begin(), golden_row.end());
    }
    parity::compare("mel power", name, actual, expected);
  }
}

TEST(Decibels, EqualLibrosa) {
  for (const auto& name : goldens::spectral_signals()) {
    auto values = golden(name, "mel");
    features::power_to_db(values);
    parity::compare("decibel", name, values, golden(name, "db"));
  }
}

TEST(MelSpectrogram, OfFilesEqualsLibrosa) {
  audio::Loader loader({});
  testing_support::MelSpectrogram mel({}, {});
  for (const auto& names :
       {goldens::spectral_signals(), goldens::resampled_signals(), goldens::codec_files()}) {
    for (const auto& name : names) {
      const auto stream = testing_support::open_stream(goldens::input_file(name));
      const auto actual = mel.compute(loader.load(*stream).samples);
      parity::compare("mel", name, actual, golden(name, "db"));
    }
  }
}

}  // namespace
}  // namespace chorale
