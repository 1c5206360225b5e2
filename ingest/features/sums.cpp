#include "ingest/features/sums.hpp"

#include <cstddef>

#include "ingest/features/vector.hpp"

namespace chorale::features {

CHORALE_VECTORISED float dot(std::span<const float> a, std::span<const float> b) {
  Float8 lanes = {}, x, y;
  std::size_t i = 0;
  for (; i + 8 <= a.size(); i += 8) {
    load(&a[i], x);
    load(&b[i], y);
    lanes += x * y;
  }
  float sum = 0;
  for (; i < a.size(); ++i) sum += a[i] * b[i];
  for (int lane = 0; lane < 8; ++lane) sum += lanes[lane];
  return sum;
}

namespace {

enum class Term { kValue, kMagnitude, kSquare };

template <Term term, class T>
[[gnu::always_inline]] inline void apply(T& value) {
  if constexpr (term == Term::kMagnitude) value = value < 0.0 ? -value : value;
  if constexpr (term == Term::kSquare) value *= value;
}

// Inlined into each of the clones of its callers.
template <Term term>
[[gnu::always_inline]] inline double sum_of(std::span<const float> values) {
  Double4 low = {}, high = {}, x, y;
  std::size_t i = 0;
  for (; i + 8 <= values.size(); i += 8) {
    load(&values[i], x);
    load(&values[i + 4], y);
    apply<term>(x);
    apply<term>(y);
    low += x;
    high += y;
  }
  double sum = 0;
  for (; i < values.size(); ++i) {
    auto value = static_cast<double>(values[i]);
    apply<term>(value);
    sum += value;
  }
  low += high;
  return sum + (low[0] + low[1]) + (low[2] + low[3]);
}

}  // namespace

CHORALE_VECTORISED double sum(std::span<const float> values) { return sum_of<Term::kValue>(values); }

CHORALE_VECTORISED double sum_of_magnitudes(std::span<const float> values) {
  return sum_of<Term::kMagnitude>(values);
}

CHORALE_VECTORISED double sum_of_squares(std::span<const float> values) {
  return sum_of<Term::kSquare>(values);
}

}  // namespace chorale::features
