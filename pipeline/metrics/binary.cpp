#include "pipeline/metrics/binary.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace chorale::metrics {
namespace {

constexpr double kDefaultThreshold = 0.5;

std::int64_t count_positives(OneClass examples) {
  return std::accumulate(examples.truth.begin(), examples.truth.end(), std::int64_t{0});
}

// Calls visit(score, positives, negatives) for every distinct score, from high to low, with the examples that
// have it.
template <class Visit>
void for_each_score(OneClass examples, Visit&& visit) {
  struct Example {
    double score;
    std::uint8_t truth;
  };
  std::vector<Example> order(examples.scores.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = {examples.scores[i], examples.truth[i]};
  std::sort(order.begin(), order.end(), [](const Example& a, const Example& b) { return a.score > b.score; });
  for (std::size_t first = 0, last = 0; first < order.size(); first = last) {
    const double score = order[first].score;
    std::int64_t positives = 0;
    for (; last < order.size() && order[last].score == score; ++last) positives += order[last].truth;
    visit(score, positives, static_cast<std::int64_t>(last - first) - positives);
  }
}

double distance_to_default(double threshold) { return std::abs(threshold - kDefaultThreshold); }

}  // namespace

bool measurable(OneClass examples) {
  const auto positives = count_positives(examples);
  if (positives == 0 || positives == static_cast<std::int64_t>(examples.truth.size())) return false;
  return std::none_of(examples.scores.begin(), examples.scores.end(),
                      [](double score) { return std::isnan(score); });
}

Areas areas(OneClass examples) {
  if (!measurable(examples)) return {};
  const std::int64_t all_positives = count_positives(examples);
  const std::int64_t all_negatives = static_cast<std::int64_t>(examples.truth.size()) - all_positives;
  std::int64_t negatives_below = all_negatives, twice_ordered = 0;  // pairs; a tie is half a pair
  std::int64_t hits = 0, yes = 0;
  double sum = 0;
  for_each_score(examples, [&](double, std::int64_t positives, std::int64_t negatives) {
    negatives_below -= negatives;
    twice_ordered += positives * (2 * negatives_below + negatives);
    hits += positives;
    yes += positives + negatives;
    sum += static_cast<double>(positives) * static_cast<double>(hits) / static_cast<double>(yes);
  });
  return {static_cast<double>(twice_ordered) / 2.0 / static_cast<double>(all_positives) /
              static_cast<double>(all_negatives),
          sum / static_cast<double>(all_positives)};
}

Decisions& Decisions::operator+=(const Decisions& other) {
  positives += other.positives;
  yes += other.yes;
  hits += other.hits;
  return *this;
}

Decisions decide(OneClass examples, double threshold) {
  Decisions decisions{.positives = count_positives(examples)};
  for (std::size_t i = 0; i < examples.scores.size(); ++i) {
    const bool yes = examples.scores[i] >= threshold;
    decisions.yes += yes;
    decisions.hits += yes && examples.truth[i] != 0;
  }
  return decisions;
}

std::vector<Decisions> operating_points(OneClass examples) {
  std::vector<Decisions> points;
  if (!measurable(examples)) return points;
  Decisions sum{.positives = count_positives(examples)};
  for_each_score(examples, [&](double, std::int64_t positives, std::int64_t negatives) {
    sum.hits += positives;
    sum.yes += positives + negatives;
    points.push_back(sum);
  });
  return points;
}

double best_threshold(OneClass examples) {
  if (!measurable(examples)) return kDefaultThreshold;
  double best = kDefaultThreshold;
  const Decisions at_default = decide(examples, kDefaultThreshold);
  // F1 as a fraction, so that equal values are equal.
  std::int64_t best_part = at_default.hits, best_whole = at_default.positives + at_default.yes;
  Decisions now{.positives = at_default.positives};
  for_each_score(examples, [&](double score, std::int64_t positives, std::int64_t negatives) {
    now += {.yes = positives + negatives, .hits = positives};
    const std::int64_t whole = now.positives + now.yes;
    const std::int64_t gain = now.hits * best_whole - best_part * whole;
    // From high to low: of two as near as each other the lower one comes last.
    if (gain < 0 || (gain == 0 && distance_to_default(score) > distance_to_default(best))) return;
    best = score;
    best_part = now.hits;
    best_whole = whole;
  });
  return best;
}

}  // namespace chorale::metrics
