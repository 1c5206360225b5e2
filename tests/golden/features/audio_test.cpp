// Audio to audio: cleaning and variants; goldens by tests/golden/make_audio_goldens.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "golden/features/goldens.hpp"
#include "golden/features/parity.hpp"
#include "ingest/audio/denoise.hpp"
#include "ingest/audio/pitch_shift.hpp"
#include "ingest/audio/time_stretch.hpp"
#include "ingest/audio/trim.hpp"

namespace chorale {
namespace {

using goldens::golden;

constexpr double kRate = 22050;
constexpr std::size_t kExcerpt = 512;

// As excerpts() of the script.
void append_excerpts(std::span<const float> samples, std::vector<float>& all) {
  const auto append = [&](std::span<const float> part) { all.insert(all.end(), part.begin(), part.end()); };
  if (samples.size() <= 3 * kExcerpt) return append(samples);
  append(samples.first(kExcerpt));
  append(samples.subspan(samples.size() / 2, kExcerpt));
  append(samples.last(kExcerpt));
}

// What an operation makes of a signal, for each of its amounts.
class Results {
 public:
  void add(std::span<const float> samples) {
    lengths_.push_back(static_cast<std::int32_t>(samples.size()));
    append_excerpts(samples, excerpts_);
  }

  void compare(const std::string& feature, const std::string& name, const std::string& operation) const {
    EXPECT_EQ(lengths_, golden<std::int32_t>(name, operation + ".lengths")) << name << " " << operation;
    parity::compare(feature, name, excerpts_, golden(name, operation));
  }

 private:
  std::vector<std::int32_t> lengths_;
  std::vector<float> excerpts_;
};

goldens::Names with_own_signals() {
  goldens::Names names = goldens::feature_signals();
  names.insert(names.end(), {"padded", "noisy"});
  return names;
}

const goldens::Names kStretched = {"song2", "impulse_2s", "square_2s", "tenth_of_a_second", "padded"};

TEST(Trim, EqualsLibrosa) {
  for (const auto& name : with_own_signals()) {
    const auto samples = goldens::samples(name);
    const auto part = audio::trim(samples);
    const auto begin = part.data() - samples.data();
    parity::compare("trim", name, std::vector{begin, begin + std::ssize(part)},
                    golden<std::int32_t>(name, "trim"));
  }
}

void compare_denoised(const std::string& name, const std::string& operation, audio::Denoiser& denoiser) {
  Results results;
  results.add(denoiser.denoise(goldens::samples(name)));
  results.compare("noise reduction", name, operation);
}

TEST(Denoiser, EqualsNoisereduce) {
  audio::Denoiser denoiser(kRate);
  for (const auto& name : with_own_signals()) compare_denoised(name, "denoise", denoiser);
}

TEST(Denoiser, InChunksEqualsNoisereduce) {
  audio::Denoiser denoiser(kRate, {.chunk = 10'000, .padding = 3'000});
  compare_denoised("noisy", "denoise_chunks", denoiser);
}

TEST(Denoiser, AtAnotherRateEqualsNoisereduce) {
  audio::Denoiser denoiser(48'000);
  compare_denoised("noisy", "denoise_48000", denoiser);
}

TEST(TimeStretcher, EqualsLibrosa) {
  audio::TimeStretcher stretcher;
  for (const auto& name : kStretched) {
    const auto samples = goldens::samples(name);
    Results results;
    for (const double rate : {0.75, 0.9, 1.0, 1.1, 2.0}) results.add(stretcher.stretch(samples, rate));
    results.compare("time stretch", name, "stretch");
  }
}

TEST(PitchShifter, EqualsLibrosa) {
  audio::PitchShifter shifter(kRate);
  goldens::Names names = kStretched;
  names.push_back("one_sample");
  for (const auto& name : names) {
    const auto samples = goldens::samples(name);
    Results results;
    for (const double semitones : {-2.0, 0.5, 3.0, 12.0}) results.add(shifter.shift(samples, semitones));
    results.compare("pitch shift", name, "shift");
  }
}

}  // namespace
}  // namespace chorale
