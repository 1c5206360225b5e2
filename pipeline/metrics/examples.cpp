#include "pipeline/metrics/examples.hpp"

#include <algorithm>

#include "pipeline/metrics/keys.hpp"

namespace chorale::metrics {

void Examples::add(std::span<const double> prediction, const dataset::Label& label) {
  predictions.insert(predictions.end(), prediction.begin(), prediction.end());
  labels.push_back(label);
}

std::int32_t largest(std::span<const double> values) {
  return static_cast<std::int32_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

Confusion confusion_of(const Examples& examples) {
  Confusion confusion(examples.width);
  for (std::size_t i = 0; i < examples.size(); ++i) {
    confusion.add(examples.class_of(i), static_cast<std::size_t>(largest(examples.of(i))));
  }
  return confusion;
}

std::optional<double> key_score_of(const Examples& examples) {
  if (examples.size() == 0) return std::nullopt;
  double sum = 0;
  for (std::size_t i = 0; i < examples.size(); ++i)
    sum += key_score(examples.labels[i].index(), largest(examples.of(i)));
  return sum / static_cast<double>(examples.size());
}

MultiLabel one_against_rest(const Examples& examples) {
  MultiLabel result{.classes = examples.width,
                    .scores = examples.predictions,
                    .truth = std::vector<std::uint8_t>(examples.predictions.size())};
  for (std::size_t i = 0; i < examples.size(); ++i)
    result.truth[i * examples.width + examples.class_of(i)] = 1;
  return result;
}

MultiLabel multi_label_of(const Examples& examples) {
  MultiLabel result{.classes = examples.width,
                    .scores = examples.predictions,
                    .truth = std::vector<std::uint8_t>(examples.predictions.size())};
  for (std::size_t i = 0; i < examples.size(); ++i) {
    for (const std::int32_t index : examples.labels[i].classes)
      result.truth[i * examples.width + static_cast<std::size_t>(index)] = 1;
  }
  return result;
}

std::optional<TempoScores> tempo_of(const Examples& examples) {
  std::vector<double> truth;
  for (const auto& label : examples.labels) truth.push_back(static_cast<double>(label.value));
  return score_tempo(examples.predictions, truth);
}

}  // namespace chorale::metrics
