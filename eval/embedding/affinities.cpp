#include "eval/embedding/affinities.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "pipeline/runtime/parallel.hpp"
#include "pipeline/runtime/vectorised.hpp"

namespace chorale::eval {
namespace {

struct Entry {
  std::uint32_t column = 0;
  double value = 0;
};

// Squares of the distances of one point to all. `dimensions` [width, points].
CHORALE_VECTORISED void squared_distances(const double* dimensions, std::size_t width, std::size_t points,
                                          const double* from, double* out) {
  for (std::size_t j = 0; j < points; ++j) out[j] = 0;
  for (std::size_t d = 0; d < width; ++d) {
    const double* row = dimensions + d * points;
    for (std::size_t j = 0; j < points; ++j) out[j] += (row[j] - from[d]) * (row[j] - from[d]);
  }
}

// The `count` points nearest to `point`, with squared distances.
std::vector<Entry> nearest_points(std::span<const double> distances, std::size_t point, std::size_t count) {
  std::vector<Entry> entries;
  entries.reserve(distances.size());
  for (std::size_t j = 0; j < distances.size(); ++j) {
    if (j != point) entries.push_back({static_cast<std::uint32_t>(j), distances[j]});
  }
  const auto end = entries.begin() + static_cast<std::ptrdiff_t>(count);
  std::nth_element(entries.begin(), end - 1, entries.end(), [](const Entry& a, const Entry& b) {
    return a.value != b.value ? a.value < b.value : a.column < b.column;
  });
  entries.erase(end, entries.end());
  std::ranges::sort(entries, {}, &Entry::column);
  return entries;
}

// Squared distances become probabilities exp(-beta d^2) / sum, of the beta that bisection finds for the
// perplexity.
void to_probabilities(std::vector<Entry>& entries, double perplexity) {
  constexpr int kSteps = 100;
  constexpr double kTolerance = 1e-7;  // nats
  const double nearest = std::ranges::min(entries, {}, &Entry::value).value;
  double beta = 1, low = 0, high = std::numeric_limits<double>::infinity();
  double sum = 0;
  for (int step = 0; step < kSteps; ++step) {
    double weighted = 0;
    sum = 0;
    for (const Entry& entry : entries) {
      const double weight = std::exp(-beta * (entry.value - nearest));
      sum += weight;
      weighted += weight * (entry.value - nearest);
    }
    const double excess = std::log(sum) + beta * weighted / sum - std::log(perplexity);
    if (std::abs(excess) <= kTolerance) break;
    (excess > 0 ? low : high) = beta;
    beta = std::isinf(high) ? 2 * beta : (low + high) / 2;
  }
  for (Entry& entry : entries) entry.value = std::exp(-beta * (entry.value - nearest)) / sum;
}

std::vector<std::vector<Entry>> conditional(const Matrix<double>& points, double perplexity, int threads) {
  const std::size_t n = points.rows;
  const auto count = std::min(n - 1, static_cast<std::size_t>(3 * perplexity + 1));
  std::vector<double> dimensions(points.values.size());
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t d = 0; d < points.width; ++d) dimensions[d * n + i] = points.row(i)[d];
  }
  std::vector<std::vector<Entry>> rows(n);
  runtime::parallel_for(n, threads, [&](std::size_t begin, std::size_t end) {
    std::vector<double> distances(n);
    for (std::size_t i = begin; i < end; ++i) {
      squared_distances(dimensions.data(), points.width, n, points.row(i).data(), distances.data());
      rows[i] = nearest_points(distances, i, count);
      to_probabilities(rows[i], perplexity);
    }
  });
  return rows;
}

}  // namespace

Affinities affinities(const Matrix<double>& points, double perplexity, int threads) {
  const auto rows = conditional(points, perplexity, threads);
  std::vector<std::vector<Entry>> both(points.rows);  // of a row and of its column, one after another
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const Entry& entry : rows[i]) {
      both[i].push_back(entry);
      both[entry.column].push_back({static_cast<std::uint32_t>(i), entry.value});
    }
  }
  Affinities result{.begin = {0}, .columns = {}, .values = {}};
  const double scale = 1 / (2 * static_cast<double>(points.rows));
  for (auto& row : both) {
    std::ranges::stable_sort(row, {}, &Entry::column);
    for (const Entry& entry : row) {
      if (result.columns.size() > result.begin.back() && result.columns.back() == entry.column) {
        result.values.back() += scale * entry.value;
      } else {
        result.columns.push_back(entry.column);
        result.values.push_back(scale * entry.value);
      }
    }
    result.begin.push_back(result.columns.size());
  }
  return result;
}

}  // namespace chorale::eval
