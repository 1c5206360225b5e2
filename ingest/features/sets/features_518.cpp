#include "ingest/features/sets/features_518.hpp"

#include <variant>

#include "ingest/features/moments.hpp"

namespace chorale::features {
namespace {

using Input = Features518Input;
using Source = std::variant<const Frames& (*)(const Input&), std::span<const float> Input::*>;

struct Feature {
  const char* name;
  std::size_t channels;
  Source source;
};

struct Statistic {
  const char* name;
  double Moments::*value;
};

const std::vector<Feature>& table() {
  static const std::vector<Feature> features = {
      {"chroma_cens", 12, [](const Input& input) -> const Frames& { return input.chroma_cens; }},
      {"chroma_cqt", 12, [](const Input& input) -> const Frames& { return input.chroma_cqt; }},
      {"chroma_stft", 12, [](const Input& input) -> const Frames& { return input.chroma_stft; }},
      {"mfcc", 20, [](const Input& input) -> const Frames& { return input.mfcc; }},
      {"rmse", 1, &Input::spectral_rms},
      {"spectral_bandwidth", 1, &Input::spectral_bandwidth},
      {"spectral_centroid", 1, &Input::spectral_centroid},
      {"spectral_contrast", 7, [](const Input& input) -> const Frames& { return input.spectral_contrast; }},
      {"spectral_rolloff", 1, &Input::spectral_rolloff},
      {"tonnetz", 6, [](const Input& input) -> const Frames& { return input.tonnetz; }},
      {"zcr", 1, &Input::zero_crossing_rate},
  };
  return features;
}

constexpr Statistic kStatistics[] = {
    {"kurtosis", &Moments::kurtosis}, {"max", &Moments::max}, {"mean", &Moments::mean},
    {"median", &Moments::median},     {"min", &Moments::min}, {"skew", &Moments::skew},
    {"std", &Moments::std},
};

std::vector<Moments> moments_of(const Source& source, const Input& input) {
  if (const auto* frames = std::get_if<0>(&source)) return moments((*frames)(input));
  const std::span<const float> series = input.*std::get<1>(source);
  std::vector<float> values(series.begin(), series.end());
  return {moments(values)};
}

}  // namespace

const std::vector<std::string>& features_518_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Feature& feature : table()) {
      for (const Statistic& statistic : kStatistics) {
        for (std::size_t i = 1; i <= feature.channels; ++i) {
          all.push_back(std::string(feature.name) + "_" + statistic.name + (i < 10 ? "_0" : "_") +
                        std::to_string(i));
        }
      }
    }
    return all;
  }();
  return names;
}

void features_518(const Features518Input& input, std::vector<float>& values) {
  values.clear();
  for (const Feature& feature : table()) {
    const auto channels = moments_of(feature.source, input);
    for (const Statistic& statistic : kStatistics) {
      for (std::size_t i = 0; i < feature.channels; ++i) {
        values.push_back(static_cast<float>(channels[i].*statistic.value));
      }
    }
  }
}

}  // namespace chorale::features
