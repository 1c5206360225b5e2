#include "ingest/features/sets/features_103.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "ingest/features/key.hpp"
#include "ingest/features/moments.hpp"
#include "ingest/features/rhythm.hpp"
#include "ingest/features/sums.hpp"

namespace chorale::features {
namespace {

using Input = Features103Input;
using Names = std::vector<std::string>;

struct SampleFigures {
  double rms = 0, largest = 0, mean_magnitude = 0, range = 0;
  CentralMoments moments;
};

SampleFigures sample_figures(std::span<const float> samples) {
  const auto n = static_cast<double>(samples.size());
  const auto [low, high] = std::ranges::minmax(samples);
  return {.rms = std::sqrt(sum_of_squares(samples) / n),
          .largest = static_cast<double>(std::max(high, -low)),
          .mean_magnitude = sum_of_magnitudes(samples) / n,
          .range = static_cast<double>(high) - static_cast<double>(low),
          .moments = central_moments(samples)};
}

// What several columns need.
struct Work {
  const Input& input;
  double seconds = 0;
  KeyEstimate key;
  SampleFigures samples;
};

using Values = std::vector<float>;

// Some columns that are next to each other, and how their values come about.
struct Columns {
  Names names;
  std::function<void(const Work&, Values&)> append;
};

Columns scalar(std::string name, std::function<double(const Work&)> value) {
  return {{std::move(name)}, [value = std::move(value)](const Work& work, Values& values) {
            values.push_back(static_cast<float>(value(work)));
          }};
}

void append(const MeanStd& statistics, Values& values) {
  values.push_back(static_cast<float>(statistics.mean));
  values.push_back(static_cast<float>(statistics.std));
}

Columns over_time(const std::string& name, std::span<const float> Input::*series) {
  return {{name + "_mean", name + "_std"},
          [series](const Work& work, Values& values) { append(mean_std(work.input.*series), values); }};
}

Columns over_time(const std::string& name, const Names& bins, const Frames& (*frames)(const Input&)) {
  Names names;
  for (const auto& bin : bins) {
    for (const char* statistic : {"_mean", "_std"}) {
      names.push_back(name);
      names.back().append("_").append(bin).append(statistic);
    }
  }
  return {names, [frames, count = bins.size()](const Work& work, Values& values) {
            const auto statistics = mean_std(frames(work.input));
            for (std::size_t bin = 0; bin < count; ++bin) append(statistics[bin], values);
          }};
}

Names numbers(std::size_t count) {
  Names names;
  for (std::size_t i = 1; i <= count; ++i) names.push_back(std::to_string(i));
  return names;
}

const std::vector<Columns>& table() {
  static const Names pitches = {"C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"};
  static const std::vector<Columns> columns = {
      scalar("duration", [](const Work& work) { return work.seconds; }),
      scalar("sample_rate", [](const Work& work) { return work.input.sample_rate; }),

      scalar("tempo", [](const Work& work) { return work.input.beats.tempo; }),
      scalar("beat_count",
             [](const Work& work) { return static_cast<double>(work.input.beats.beats.size()); }),
      scalar("onset_count", [](const Work& work) { return static_cast<double>(work.input.onset_count); }),
      scalar("onset_density",
             [](const Work& work) { return static_cast<double>(work.input.onset_count) / work.seconds; }),
      over_time("zcr", &Input::zero_crossing_rate),

      over_time("mfcc", numbers(13), [](const Input& input) -> const Frames& { return input.mfcc; }),
      over_time("spectral_centroid", &Input::spectral_centroid),
      over_time("spectral_rolloff", &Input::spectral_rolloff),
      over_time("spectral_bandwidth", &Input::spectral_bandwidth),
      over_time("spectral_contrast", numbers(7),
                [](const Input& input) -> const Frames& { return input.contrast; }),

      over_time("chroma", pitches, [](const Input& input) -> const Frames& { return input.chroma; }),
      scalar("estimated_key", [](const Work& work) { return static_cast<double>(work.key.tonic); }),
      scalar("key_confidence", [](const Work& work) { return work.key.confidence; }),
      over_time("tonnetz", numbers(6), [](const Input& input) -> const Frames& { return input.tonnetz; }),

      scalar("tempogram_mean", [](const Work& work) { return work.input.tempogram.mean; }),
      scalar("tempogram_std", [](const Work& work) { return work.input.tempogram.std; }),
      scalar("tempogram_max", [](const Work& work) { return work.input.tempogram.max; }),
      scalar("rhythm_regularity",
             [](const Work& work) { return rhythm_regularity(work.input.onset_envelope); }),

      scalar("rms_energy", [](const Work& work) { return work.samples.rms; }),
      scalar("max_amplitude", [](const Work& work) { return work.samples.largest; }),
      scalar("mean_amplitude", [](const Work& work) { return work.samples.mean_magnitude; }),
      scalar("std_amplitude", [](const Work& work) { return work.samples.moments.std; }),
      scalar("skewness", [](const Work& work) { return work.samples.moments.skew; }),
      scalar("kurtosis", [](const Work& work) { return work.samples.moments.kurtosis; }),
      scalar("dynamic_range", [](const Work& work) { return work.samples.range; }),
  };
  return columns;
}

}  // namespace

const std::vector<std::string>& features_103_names() {
  static const Names names = [] {
    Names all;
    for (const Columns& columns : table()) all.insert(all.end(), columns.names.begin(), columns.names.end());
    return all;
  }();
  return names;
}

void features_103(const Features103Input& input, std::vector<float>& values) {
  const Work work = {.input = input,
                     .seconds = static_cast<double>(input.samples.size()) / input.sample_rate,
                     .key = strongest_pitch_class(mean_chroma(input.chroma)),
                     .samples = sample_figures(input.samples)};
  values.clear();
  for (const Columns& columns : table()) columns.append(work, values);
}

}  // namespace chorale::features
