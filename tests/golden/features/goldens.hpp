// The golden data: signals of our own, and what librosa makes of them (tests/golden/*.py).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "support/npy.hpp"

namespace chorale::goldens {

using Names = std::vector<std::string>;

// The root of the source tree, from CHORALE_SOURCE.
std::filesystem::path source();
std::filesystem::path data();

// X.step.npy. T: float, double or std::int32_t, as it was saved.
template <class T = float>
std::vector<T> golden(const std::string& name, const std::string& step) {
  return testing_support::read_npy<T>(data() / (name + "." + step + ".npy"));
}

bool has_golden(const std::string& name, const std::string& step);
std::filesystem::path input_file(const std::string& name);

// The groups of tests/golden/signals.py. The first three: every step from file to mel, with goldens X.y,
// X.db.
const Names& spectral_signals();   // 22.05 kHz mono WAV, with goldens of each step
const Names& resampled_signals();  // WAV of other rates and channels
const Names& codec_files();        // without MP3 where libsndfile cannot decode it
// Those that whole features are computed of.
const Names& feature_signals();

// A feature signal as ingest sees it: decoded, mono, 22.05 kHz.
std::vector<float> samples(const std::string& name);

}  // namespace chorale::goldens
