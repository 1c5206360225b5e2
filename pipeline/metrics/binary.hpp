// Scores of one class against the rest: a number an example, and whether the class is truly there. Equal to
// scikit-learn 1.5 (roc_auc_score, average_precision_score, f1_score); undefined where the examples are all
// of one kind or a score is not a number, for there is nothing to measure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace chorale::metrics {

// One entry an example each; truth is 0 or 1.
struct OneClass {
  std::span<const double> scores;
  std::span<const std::uint8_t> truth;
};

// Examples of both kinds, and every score a number.
bool measurable(OneClass examples);

struct Areas {
  // The probability that a positive example scores higher than a negative one; equal scores count one half.
  std::optional<double> roc_auc;
  // Sum over the distinct scores, from high to low, of (recall - recall before) * precision.
  std::optional<double> average_precision;
};
// Under both curves, for one sorting.
Areas areas(OneClass examples);

// What a threshold makes of the examples: score >= threshold is a yes.
struct Decisions {
  std::int64_t positives = 0, yes = 0, hits = 0;  // hits: positives that are a yes

  double precision() const { return ratio(hits, yes); }
  double recall() const { return ratio(hits, positives); }
  double f1() const { return ratio(2 * hits, positives + yes); }
  Decisions& operator+=(const Decisions& other);

 private:
  // 0 where there is nothing to divide by (zero_division=0).
  static double ratio(std::int64_t part, std::int64_t whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
  }
};

Decisions decide(OneClass examples, double threshold);

// The decisions with each distinct score as threshold, from high to low: the points of ROC and
// precision-recall curves. None where the class cannot be measured.
std::vector<Decisions> operating_points(OneClass examples);

// The threshold with the highest F1 among 0.5 and all scores that occur; of equal ones the nearest to 0.5,
// and the lower of two as near. 0.5 where the class cannot be measured.
double best_threshold(OneClass examples);

}  // namespace chorale::metrics
