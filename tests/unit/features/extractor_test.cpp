// Everything that features.store can name, of signals of any kind.
#include "ingest/features/extractor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "pipeline/config/schema.hpp"
#include "pipeline/runtime/random.hpp"

namespace chorale::features {
namespace {

using store::FeatureKind;
using testing::HasSubstr;

config::Experiment everything() {
  config::Experiment experiment;
  experiment.features.store = config::find_key("features.store")->allowed.choices;
  experiment.features.mfcc.deltas = 2;
  return experiment;
}

std::vector<float> noise(std::size_t samples, std::uint64_t seed) {
  runtime::RandomStream random(seed);
  std::vector<float> signal(samples);
  for (float& value : signal) value = static_cast<float>(0.1 * random.normal());
  return signal;
}

std::vector<std::vector<float>> copies(std::span<const std::span<const float>> values) {
  std::vector<std::vector<float>> result;
  for (const auto span : values) result.emplace_back(span.begin(), span.end());
  return result;
}

TEST(Extractor, EveryNameOfTheConfigurationIsComputed) {
  Extractor extractor(everything());
  const auto features = extractor.features();
  ASSERT_GE(features.size(), 14U);
  const auto signal = noise(22050, 1);
  const auto values = extractor.compute(signal);
  for (std::size_t i = 0; i < features.size(); ++i) {
    SCOPED_TRACE(features[i].name);
    if (features[i].kind == FeatureKind::kFrames) {
      EXPECT_EQ(values[i].size(), features[i].width * (1 + 22050 / 512));
    }
    if (features[i].kind == FeatureKind::kTrack) {
      EXPECT_EQ(values[i].size(), features[i].width);
      EXPECT_EQ(features[i].columns.size(), features[i].width);
    }
    if (features[i].kind == FeatureKind::kEvents) {
      EXPECT_TRUE(std::is_sorted(values[i].begin(), values[i].end()));
    }
    if (!features[i].columns.empty()) {
      EXPECT_EQ(features[i].columns.size(), features[i].width);
    }
  }
}

// One sample, less than a frame, silence, a constant, a click, far beyond full scale.
TEST(Extractor, EverySignalGivesFiniteValues) {
  std::vector<std::vector<float>> signals = {{0.5F},
                                             noise(100, 2),
                                             std::vector<float>(5000),
                                             std::vector<float>(5000, 0.7F),
                                             std::vector<float>(5000),
                                             noise(5000, 3)};
  signals[4][2500] = 1;
  for (float& value : signals[5]) value *= 1e5F;
  Extractor extractor(everything());
  const auto features = extractor.features();
  for (std::size_t s = 0; s < signals.size(); ++s) {
    const auto values = extractor.compute(signals[s]);
    for (std::size_t i = 0; i < features.size(); ++i) {
      EXPECT_TRUE(std::all_of(values[i].begin(), values[i].end(), [](float v) { return std::isfinite(v); }))
          << features[i].name << " of signal " << s;
    }
  }
}

TEST(Extractor, ATrackDoesNotDependOnThoseBefore) {
  Extractor extractor(everything());
  const auto first = noise(30000, 4), second = noise(50000, 5);
  const auto alone = copies(extractor.compute(first));
  extractor.compute(second);
  EXPECT_EQ(copies(extractor.compute(first)), alone);
  EXPECT_EQ(copies(Extractor(everything()).compute(first)), alone);
}

TEST(Extractor, NorOnWhatElseIsStored) {
  const auto signal = noise(30000, 6);
  Extractor extractor(everything());
  const auto features = extractor.features();
  const auto together = copies(extractor.compute(signal));
  for (std::size_t i = 0; i < features.size(); ++i) {
    auto one = everything();
    one.features.store = {features[i].name};
    EXPECT_EQ(copies(Extractor(one).compute(signal)).front(), together[i]) << features[i].name;
  }
}

TEST(Extractor, WhatTheSampleRateDoesNotAllowIsRefusedAtOnce) {
  auto experiment = everything();
  experiment.audio.sample_rate = 8000;
  for (const char* name :
       {"chroma_cqt", "chroma_cens", "tonnetz", "spectral_contrast", "features_103", "features_518"}) {
    experiment.features.store = {name};
    try {
      const Extractor extractor(experiment);
      ADD_FAILURE() << name << " was taken";
    } catch (const runtime::UsageError& error) {
      EXPECT_THAT(error.what(), HasSubstr("sample_rate")) << name;
    }
  }
}

// Above 33 kHz librosa's transform may have one frame more than the others; odd hops, other lengths.
TEST(Extractor, RepresentationsShareTheirFramesAtEveryRateAndHop) {
  for (const std::int64_t rate : {16000, 44100, 96000}) {
    for (const std::int64_t hop : {441, 512, 1000}) {
      auto experiment = everything();
      experiment.audio.sample_rate = rate;
      experiment.features.hop_length = hop;
      experiment.features.n_fft = 4096;
      std::erase_if(experiment.features.store,
                    [](const auto& name) { return name.starts_with("features_"); });
      Extractor extractor(experiment);
      const auto features = extractor.features();
      const auto signal = noise(20007, 7);
      const auto values = extractor.compute(signal);
      for (std::size_t i = 0; i < features.size(); ++i) {
        if (features[i].kind != FeatureKind::kFrames) continue;
        EXPECT_EQ(values[i].size(), features[i].width * (1 + signal.size() / static_cast<std::size_t>(hop)))
            << features[i].name << " at " << rate << " / " << hop;
      }
    }
  }
}

}  // namespace
}  // namespace chorale::features
