// Scores of a task in which an example has any number of classes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "pipeline/metrics/binary.hpp"

namespace chorale::metrics {

struct MultiLabel {
  std::size_t classes = 0;
  std::vector<double> scores;       // [examples, classes], such as probabilities
  std::vector<std::uint8_t> truth;  // [examples, classes], 0 or 1

  std::size_t size() const { return classes == 0 ? 0 : scores.size() / classes; }
};

struct ClassRanking {
  std::int64_t positives = 0;
  std::optional<double> roc_auc, average_precision;  // undefined unless the class has examples of both kinds
  Decisions decisions;                               // at the class's threshold
};

struct MultiLabelScores {
  std::vector<ClassRanking> per_class;
  std::size_t counted = 0;  // classes with examples of both kinds, over which the macro means are
  std::optional<double> macro_auc, macro_average_precision, macro_f1;  // undefined when none counts
  double micro_f1 = 0;                                                 // over all decisions (zero_division=0)
  double weighted_f1 = 0;                                              // of classes, by their positives
  double hamming_loss = 0;                                             // part of all decisions that are wrong
  double subset_accuracy = 0;  // examples all of whose decisions are right
};

// One class's scores and truth, copied to lie side by side.
struct Column {
  Column(const MultiLabel& examples, std::size_t index);
  operator OneClass() const { return {scores, truth}; }

  std::vector<double> scores;
  std::vector<std::uint8_t> truth;
};

// One threshold a class. Scores without examples are 0.
MultiLabelScores score(const MultiLabel& examples, std::span<const double> thresholds);

// best_threshold() of each class.
std::vector<double> best_thresholds(const MultiLabel& examples);

}  // namespace chorale::metrics
