// What a model says of songs or slices in one task, beside their labels.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "pipeline/dataset/track.hpp"
#include "pipeline/metrics/confusion.hpp"
#include "pipeline/metrics/multi_label.hpp"
#include "pipeline/metrics/tempo.hpp"

namespace chorale::metrics {

struct Examples {
  std::size_t width = 0;                    // outputs of the task: classes, or 1 for a value
  std::vector<double> predictions = {};     // [n, width] probabilities or values
  std::vector<dataset::Label> labels = {};  // [n], all known

  std::size_t size() const { return labels.size(); }
  std::span<const double> of(std::size_t example) const {
    return std::span(predictions).subspan(example * width, width);
  }
  // The column of the one class of an example. Keys of 12 columns are tonics.
  std::size_t class_of(std::size_t example) const {
    return static_cast<std::size_t>(labels[example].index()) % width;
  }
  void add(std::span<const double> prediction, const dataset::Label& label);
};

// The column of the largest value, the first of equal ones (as numpy.argmax).
std::int32_t largest(std::span<const double> values);

// single, key: each example counts for its largest probability.
Confusion confusion_of(const Examples& examples);
// key with 24 columns: the mean of key_score(). Undefined without examples.
std::optional<double> key_score_of(const Examples& examples);
// Each class against all others.
MultiLabel one_against_rest(const Examples& examples);
// multi
MultiLabel multi_label_of(const Examples& examples);
// regression
std::optional<TempoScores> tempo_of(const Examples& examples);

}  // namespace chorale::metrics
