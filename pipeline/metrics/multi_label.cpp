#include "pipeline/metrics/multi_label.hpp"

namespace chorale::metrics {
namespace {

void divide(std::optional<double>& mean, double sum, std::size_t count) {
  if (count > 0) mean = sum / static_cast<double>(count);
}

// Of all examples, those without and those with a wrong decision, and the wrong decisions.
void count_errors(const MultiLabel& examples, std::span<const double> thresholds, MultiLabelScores& scores) {
  std::size_t wrong = 0, right_examples = 0;
  for (std::size_t example = 0; example < examples.size(); ++example) {
    std::size_t errors = 0;
    for (std::size_t c = 0; c < examples.classes; ++c) {
      const std::size_t at = example * examples.classes + c;
      errors += (examples.scores[at] >= thresholds[c]) != (examples.truth[at] != 0);
    }
    wrong += errors;
    right_examples += errors == 0;
  }
  if (examples.size() == 0) return;
  scores.hamming_loss = static_cast<double>(wrong) / static_cast<double>(examples.scores.size());
  scores.subset_accuracy = static_cast<double>(right_examples) / static_cast<double>(examples.size());
}

}  // namespace

Column::Column(const MultiLabel& examples, std::size_t index) {
  for (std::size_t at = index; at < examples.scores.size(); at += examples.classes) {
    scores.push_back(examples.scores[at]);
    truth.push_back(examples.truth[at]);
  }
}

MultiLabelScores score(const MultiLabel& examples, std::span<const double> thresholds) {
  MultiLabelScores scores;
  Decisions all;
  double auc = 0, precision = 0, f1 = 0, weighted_f1 = 0;
  for (std::size_t c = 0; c < examples.classes; ++c) {
    const Column column(examples, c);
    const Decisions decisions = decide(column, thresholds[c]);
    const Areas under = areas(column);
    scores.per_class.push_back({.positives = decisions.positives,
                                .roc_auc = under.roc_auc,
                                .average_precision = under.average_precision,
                                .decisions = decisions});
    all += decisions;
    weighted_f1 += decisions.f1() * static_cast<double>(decisions.positives);
    if (!scores.per_class.back().roc_auc) continue;
    ++scores.counted;
    auc += *scores.per_class.back().roc_auc;
    precision += *scores.per_class.back().average_precision;
    f1 += decisions.f1();
  }
  divide(scores.macro_auc, auc, scores.counted);
  divide(scores.macro_average_precision, precision, scores.counted);
  divide(scores.macro_f1, f1, scores.counted);
  scores.micro_f1 = all.f1();
  if (all.positives > 0) scores.weighted_f1 = weighted_f1 / static_cast<double>(all.positives);
  count_errors(examples, thresholds, scores);
  return scores;
}

std::vector<double> best_thresholds(const MultiLabel& examples) {
  std::vector<double> thresholds;
  for (std::size_t c = 0; c < examples.classes; ++c)
    thresholds.push_back(best_threshold(Column(examples, c)));
  return thresholds;
}

}  // namespace chorale::metrics
