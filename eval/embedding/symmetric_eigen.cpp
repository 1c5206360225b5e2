#include "eval/embedding/symmetric_eigen.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace chorale::eval {
namespace {

constexpr int kMostSweeps = 50;  // ten do for any matrix of a few hundred rows

// Rows p and q of `m`, turned by the angle of cosine c and sine s.
void rotate_rows(Matrix<double>& m, std::size_t p, std::size_t q, double c, double s) {
  for (std::size_t k = 0; k < m.width; ++k) {
    const double a = m.row(p)[k], b = m.row(q)[k];
    m.row(p)[k] = c * a - s * b;
    m.row(q)[k] = s * a + c * b;
  }
}

void rotate_columns(Matrix<double>& m, std::size_t p, std::size_t q, double c, double s) {
  for (std::size_t k = 0; k < m.rows; ++k) {
    const double a = m.row(k)[p], b = m.row(k)[q];
    m.row(k)[p] = c * a - s * b;
    m.row(k)[q] = s * a + c * b;
  }
}

double off_diagonal(const Matrix<double>& m) {
  double sum = 0;
  for (std::size_t p = 0; p < m.rows; ++p) {
    for (std::size_t q = p + 1; q < m.rows; ++q) sum += m.row(p)[q] * m.row(p)[q];
  }
  return sum;
}

// One rotation for each element above the diagonal, that makes it zero.
void sweep(Matrix<double>& m, Matrix<double>& vectors) {
  for (std::size_t p = 0; p < m.rows; ++p) {
    for (std::size_t q = p + 1; q < m.rows; ++q) {
      if (m.row(p)[q] == 0) continue;
      const double theta = (m.row(q)[q] - m.row(p)[p]) / (2 * m.row(p)[q]);
      const double t = (theta >= 0 ? 1 : -1) / (std::abs(theta) + std::hypot(theta, 1));
      const double c = 1 / std::hypot(t, 1), s = t * c;
      rotate_rows(m, p, q, c, s);
      rotate_columns(m, p, q, c, s);
      rotate_rows(vectors, p, q, c, s);
    }
  }
}

}  // namespace

Eigen symmetric_eigen(Matrix<double> m) {
  const std::size_t n = m.rows;
  Matrix<double> vectors(n, n);
  for (std::size_t i = 0; i < n; ++i) vectors.row(i)[i] = 1;
  double diagonal = 0;
  for (std::size_t i = 0; i < n; ++i) diagonal += m.row(i)[i] * m.row(i)[i];
  const double negligible = 1e-30 * (diagonal + 2 * off_diagonal(m));
  for (int i = 0; i < kMostSweeps && off_diagonal(m) > negligible; ++i) sweep(m, vectors);

  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t i) { return m.row(i)[i]; });
  Eigen result{{}, Matrix<double>(n, n)};
  for (std::size_t i = 0; i < n; ++i) {
    result.values.push_back(m.row(order[i])[order[i]]);
    std::ranges::copy(vectors.row(order[i]), result.vectors.row(i).begin());
  }
  return result;
}

}  // namespace chorale::eval
