// Every step from file to dB against librosa 0.11.0: tests/golden/make_goldens.py made the expected values.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "ingest/audio/decode.hpp"
#include "ingest/audio/resample.hpp"
#include "ingest/audio/sound_file.hpp"
#include "ingest/features/decibel.hpp"
#include "ingest/features/mel.hpp"
#include "support/npy.hpp"

namespace chorale {
namespace {

const std::vector<std::string> kSpectral = {"harmonic", "chirp",  "tone",  "silence",    "dc",
                                            "impulse",  "square", "short", "one_sample", "hop_multiple"};
const std::vector<std::string> kResampled = {"stereo_44100", "mono_48000",           "mono_8000",
                                             "mono_96000",   "three_channels_32000", "short_11025"};
const std::vector<std::string> kCodecs = {"flac_24", "ogg", "mp3", "au", "wav_float"};

const std::filesystem::path& data() {
  static const auto folder =
      std::filesystem::path(std::getenv("CHORALE_SOURCE")) / "tests/golden/features/data";
  return folder;
}

template <class T = float>
std::vector<T> golden(const std::string& name, const std::string& step) {
  return testing_support::read_npy<T>(data() / (name + "." + step + ".npy"));
}

bool has_golden(const std::string& name, const std::string& step) {
  return std::filesystem::exists(data() / (name + "." + step + ".npy"));
}

std::filesystem::path input_file(const std::string& name) {
  for (const char* extension : {".wav", ".flac", ".ogg", ".mp3", ".au"}) {
    if (auto file = data() / (name + extension); std::filesystem::exists(file)) return file;
  }
  throw std::runtime_error("no input for the golden " + name);
}

std::vector<std::string> decodable(std::vector<std::string> names) {
  if (!audio::mp3_supported()) std::erase(names, "mp3");
  return names;
}

std::vector<std::string> operator+(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// The largest error over all signals of a step, with the signal it is of, kept in the test's report.
class LargestError {
 public:
  explicit LargestError(std::string step) : step_(std::move(step)) {}
  ~LargestError() {
    char text[64];
    std::snprintf(text, sizeof text, "%.2e", error_);
    ::testing::Test::RecordProperty("largest_error", text);
    std::printf("largest error, %-12s %s (%s)\n", step_.c_str(), text, signal_.c_str());
  }

  void add(const std::string& signal, double error) {
    if (signal_.empty() || !(error <= error_)) {
      error_ = error;
      signal_ = signal;
    }
  }
  double value() const { return error_; }

 private:
  std::string step_, signal_;
  double error_ = 0;
};

double absolute_error(std::span<const float> actual, std::span<const float> expected) {
  if (actual.size() != expected.size()) return std::numeric_limits<double>::infinity();
  double worst = 0;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const double error = std::abs(static_cast<double>(actual[i]) - static_cast<double>(expected[i]));
    if (!(error <= worst)) worst = error;
  }
  return worst;
}

// Relative to each expected value; values below amin of power_to_db count as amin.
double relative_error(std::span<const float> actual, std::span<const float> expected) {
  if (actual.size() != expected.size()) return std::numeric_limits<double>::infinity();
  double worst = 0;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const double scale = std::max(std::abs(static_cast<double>(expected[i])), 1e-10);
    const double error = std::abs(static_cast<double>(actual[i]) - static_cast<double>(expected[i])) / scale;
    if (!(error <= worst)) worst = error;
  }
  return worst;
}

TEST(Goldens, Decode) {
  LargestError largest("decode");
  audio::Decoder decoder;
  for (const auto& name : decodable(kSpectral + kResampled + kCodecs)) {
    SCOPED_TRACE(name);
    const auto expected = golden(name, has_golden(name, "mono") ? "mono" : "y");
    const double error = absolute_error(decoder.decode(input_file(name)).samples, expected);
    largest.add(name, error);
    // PCM is exact; decoders of lossy formats may differ by rounding from one build of a library to the next.
    EXPECT_LE(error, name == "ogg" || name == "mp3" ? 1e-6 : 0.0);
  }
}

TEST(Goldens, Mp3NeedsARecentLibrary) {
  if (audio::mp3_supported()) {
    EXPECT_EQ(audio::Decoder().decode(input_file("mp3")).channels, 2);
    return;
  }
  try {
    audio::Decoder().decode(input_file("mp3"));
    FAIL() << "decoded MP3 without support for it";
  } catch (const audio::DecodeError& error) {
    EXPECT_NE(std::string(error.what()).find("1.1 or newer"), std::string::npos) << error.what();
  }
}

TEST(Goldens, Resample) {
  LargestError largest("resample");
  audio::Resampler resampler(22050);
  audio::Decoder decoder;
  for (const auto& name : decodable(kResampled + kCodecs)) {
    SCOPED_TRACE(name);
    const auto rate = decoder.decode(input_file(name)).source_rate;
    const double error = absolute_error(resampler.resample(golden(name, "mono"), rate), golden(name, "y"));
    largest.add(name, error);
    EXPECT_LE(error, 1e-6);
  }
}

TEST(Goldens, PowerSpectrum) {
  LargestError largest("power");
  features::Stft stft({});
  for (const auto& name : kSpectral) {
    SCOPED_TRACE(name);
    const auto frames = golden<std::int32_t>(name, "frames");
    std::vector<float> power;
    stft.power(golden(name, "y"), [&](std::size_t frame, std::span<const float> values) {
      if (std::ranges::count(frames, static_cast<std::int32_t>(frame)) > 0) {
        power.insert(power.end(), values.begin(), values.end());
      }
    });
    const double error = relative_error(power, golden(name, "power"));
    largest.add(name, error);
    EXPECT_LE(error, 1e-6);
  }
}

TEST(Goldens, MelFilters) {
  LargestError largest("mel filters");
  const auto compare = [&](const std::string& name, const features::MelOptions& options, std::size_t n_fft) {
    SCOPED_TRACE(name);
    const auto rows = golden<std::int32_t>(name, "rows"), columns = golden<std::int32_t>(name, "columns");
    const auto weights = golden(name, "weights");
    const std::size_t bins = 1 + n_fft / 2;
    std::vector<float> expected(options.n_mels * bins);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      expected[static_cast<std::size_t>(rows[i]) * bins + static_cast<std::size_t>(columns[i])] = weights[i];
    }
    const double error = absolute_error(features::MelFilterBank(options, n_fft).dense(), expected);
    largest.add(name, error);
    EXPECT_LE(error, 1e-8);  // of weights up to 0.05
  };
  compare("filters_default", {}, 2048);
  compare("filters_narrow", {.sample_rate = 16000, .n_mels = 40, .fmin = 50, .fmax = 7000}, 512);
}

TEST(Goldens, MelPower) {
  LargestError largest("mel");
  features::Stft stft({});
  const features::MelFilterBank filters({}, 2048);
  for (const auto& name : kSpectral) {
    SCOPED_TRACE(name);
    const auto frames = golden<std::int32_t>(name, "frames");
    const auto power = golden(name, "power"), expected = golden(name, "mel");
    std::vector<float> mel(filters.n_mels());
    for (std::size_t i = 0; i < frames.size(); ++i) {
      filters.apply(std::span(power).subspan(i * 1025, 1025), mel);
      const auto row =
          std::span(expected).subspan(static_cast<std::size_t>(frames[i]) * mel.size(), mel.size());
      const double error = relative_error(mel, row);
      largest.add(name, error);
      EXPECT_LE(error, 1e-6);
    }
  }
}

TEST(Goldens, Decibels) {
  LargestError largest("dB");
  for (const auto& name : kSpectral) {
    SCOPED_TRACE(name);
    auto values = golden(name, "mel");
    features::power_to_db(values);
    const double error = absolute_error(values, golden(name, "db"));
    largest.add(name, error);
    EXPECT_LE(error, 2e-5);
  }
}

TEST(Goldens, FileToDecibels) {
  LargestError largest("file to dB");
  audio::Decoder decoder;
  audio::Resampler resampler(22050);
  features::MelSpectrogram mel({}, {});
  for (const auto& name : decodable(kSpectral + kResampled + kCodecs)) {
    SCOPED_TRACE(name);
    const auto& recording = decoder.decode(input_file(name));
    const auto actual = mel.compute(resampler.resample(recording.samples, recording.source_rate));
    const double error = absolute_error(actual, golden(name, "db"));
    largest.add(name, error);
    EXPECT_LE(error, 1e-3);
  }
}

}  // namespace
}  // namespace chorale
