#include "pipeline/metrics/confusion.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

namespace chorale::metrics {
namespace {

double ratio(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

Confusion& Confusion::operator+=(const Confusion& other) {
  std::transform(counts_.begin(), counts_.end(), other.counts_.begin(), counts_.begin(), std::plus<>());
  return *this;
}

std::int64_t Confusion::support(std::size_t truth) const {
  const auto row = counts_.begin() + static_cast<std::ptrdiff_t>(truth * classes_);
  return std::accumulate(row, row + static_cast<std::ptrdiff_t>(classes_), std::int64_t{0});
}

std::int64_t Confusion::predicted(std::size_t predicted) const {
  std::int64_t sum = 0;
  for (std::size_t truth = 0; truth < classes_; ++truth) sum += at(truth, predicted);
  return sum;
}

std::int64_t Confusion::total() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0});
}

Confusion count(std::span<const std::int32_t> truth, std::span<const std::int32_t> predicted,
                std::size_t classes) {
  Confusion confusion(classes);
  for (std::size_t i = 0; i < truth.size(); ++i)
    confusion.add(static_cast<std::size_t>(truth[i]), static_cast<std::size_t>(predicted[i]));
  return confusion;
}

Scores score(const Confusion& confusion) {
  Scores scores;
  std::int64_t correct = 0;
  double weighted_f1 = 0, present = 0;
  for (std::size_t c = 0; c < confusion.classes(); ++c) {
    const std::int64_t hits = confusion.at(c, c), support = confusion.support(c),
                       predicted = confusion.predicted(c);
    const ClassScore one{ratio(hits, predicted), ratio(hits, support), ratio(2 * hits, support + predicted),
                         support};
    scores.per_class.push_back(one);
    if (support == 0) continue;
    ++present;
    correct += hits;
    scores.macro_precision += one.precision;
    scores.macro_recall += one.recall;
    scores.macro_f1 += one.f1;
    weighted_f1 += one.f1 * static_cast<double>(support);
  }
  if (present == 0) return scores;
  const std::int64_t total = confusion.total();
  scores.accuracy = ratio(correct, total);
  scores.macro_precision /= present;
  scores.macro_recall /= present;
  scores.macro_f1 /= present;
  scores.balanced_accuracy = scores.macro_recall;
  scores.weighted_f1 = weighted_f1 / static_cast<double>(total);
  return scores;
}

}  // namespace chorale::metrics
