// The two named sets of features, from samples; goldens by tests/golden/make_set_goldens.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "golden/features/goldens.hpp"
#include "golden/features/parity.hpp"
#include "ingest/features/extractor.hpp"
#include "ingest/features/sets/features_103.hpp"
#include "ingest/features/sets/features_518.hpp"
#include "pipeline/config/experiment.hpp"

namespace chorale::features {
namespace {

using goldens::golden;

// As ingest computes them.
std::vector<float> compute(const std::string& set, std::span<const float> samples) {
  config::Experiment experiment;
  experiment.features.store = {set};
  Extractor extractor(experiment);
  const auto values = extractor.compute(samples).front();
  return {values.begin(), values.end()};
}

goldens::Names lines(const std::string& file) {
  std::ifstream stream(goldens::data() / file);
  goldens::Names names;
  for (std::string line; std::getline(stream, line);) names.push_back(line);
  return names;
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
    compare_columns("features_103", name, features_103_names(),
                    compute("features_103", goldens::samples(name)), golden<double>(name, "features_103"),
                    [](const std::string&) { return true; });
  }
}

TEST(Features518, EqualLibrosa) {
  for (const auto& name : goldens::feature_signals()) {
    const auto values = compute("features_518", goldens::samples(name));
    const auto expected = golden<double>(name, "features_518");
    compare_columns("features_518", name, features_518_names(), values, expected,
                    [](const std::string& column) { return !is_shape(column); });
    compare_columns("features_518, skew, kurtosis", name, features_518_names(), values, expected, is_shape);
  }
}

}  // namespace
}  // namespace chorale::features
