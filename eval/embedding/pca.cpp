#include "eval/embedding/pca.hpp"

#include <algorithm>
#include <cmath>

#include "eval/embedding/symmetric_eigen.hpp"
#include "pipeline/runtime/parallel.hpp"
#include "pipeline/runtime/random.hpp"
#include "pipeline/runtime/vectorised.hpp"

namespace chorale::eval {
namespace {

constexpr std::size_t kLanes = 8;     // sums that are formed beside each other
constexpr int kMostIterations = 300;  // beyond, components differ by next to nothing in their variance
constexpr double kTolerance = 1e-8;   // of the residual, relative to the largest eigenvalue

CHORALE_VECTORISED double dot(const double* a, const double* b, std::size_t n) {
  double sums[kLanes] = {};
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) sums[lane] += a[i + lane] * b[i + lane];
  }
  for (; i < n; ++i) sums[i % kLanes] += a[i] * b[i];
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

double dot(std::span<const double> a, std::span<const double> b) { return dot(a.data(), b.data(), a.size()); }

// a [m, width], b [n, width] -> a b' [m, n].
Matrix<double> product_transposed(const Matrix<double>& a, const Matrix<double>& b, int threads) {
  constexpr std::size_t kBlock = 32;  // rows of b that stay in the cache
  Matrix<double> result(a.rows, b.rows);
  runtime::parallel_for(a.rows, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t first = 0; first < b.rows; first += kBlock) {
      for (std::size_t i = begin; i < end; ++i) {
        for (std::size_t j = first; j < std::min(first + kBlock, b.rows); ++j)
          result.row(i)[j] = dot(a.row(i), b.row(j));
      }
    }
  });
  return result;
}

// [width, rows]: a row a dimension, its mean taken away.
Matrix<double> centred_dimensions(const Matrix<float>& rows) {
  Matrix<double> result(rows.width, rows.rows);
  for (std::size_t d = 0; d < rows.width; ++d) {
    double sum = 0;
    for (std::size_t i = 0; i < rows.rows; ++i) sum += static_cast<double>(rows.row(i)[d]);
    const double mean = sum / static_cast<double>(rows.rows);
    for (std::size_t i = 0; i < rows.rows; ++i) result.row(d)[i] = static_cast<double>(rows.row(i)[d]) - mean;
  }
  return result;
}

void subtract(std::span<double> from, std::span<const double> direction, double length) {
  for (std::size_t d = 0; d < from.size(); ++d) from[d] -= length * direction[d];
}

// Gram-Schmidt, twice for orthogonality to rounding. A row that the ones before it already span is replaced.
void orthonormalise(Matrix<double>& basis, runtime::RandomStream& random) {
  for (std::size_t i = 0; i < basis.rows; ++i) {
    const auto row = basis.row(i);
    for (;;) {
      const double before = std::sqrt(dot(row, row));
      for (int pass = 0; pass < 2; ++pass) {
        for (std::size_t j = 0; j < i; ++j) subtract(row, basis.row(j), dot(row, basis.row(j)));
      }
      const double length = std::sqrt(dot(row, row));
      if (length > 1e-10 * before && length > 0) {
        for (double& value : row) value /= length;
        break;
      }
      for (double& value : row) value = random.normal();
    }
  }
}

// Rows of `matrix` mixed by the rows of `by`.
Matrix<double> mixed(const Matrix<double>& by, const Matrix<double>& matrix) {
  Matrix<double> result(by.rows, matrix.width);
  for (std::size_t i = 0; i < by.rows; ++i) {
    for (std::size_t j = 0; j < matrix.rows; ++j) subtract(result.row(i), matrix.row(j), -by.row(i)[j]);
  }
  return result;
}

double largest_residual(const Matrix<double>& image, const Matrix<double>& basis,
                        const std::vector<double>& values, std::size_t components) {
  double largest = 0;
  for (std::size_t i = 0; i < components; ++i) {
    double squares = 0;
    for (std::size_t d = 0; d < basis.width; ++d)
      squares += std::pow(image.row(i)[d] - values[i] * basis.row(i)[d], 2);
    largest = std::max(largest, std::sqrt(squares));
  }
  return largest;
}

// The largest eigenvalues of the symmetric matrix and their vectors.
Eigen leading(const Matrix<double>& symmetric, std::size_t components, int threads) {
  Matrix<double> basis(std::min(2 * components, symmetric.rows), symmetric.rows);
  runtime::RandomStream random(0);
  for (double& value : basis.values) value = random.normal();
  for (int iteration = 0;; ++iteration) {
    orthonormalise(basis, random);
    const Matrix<double> image = product_transposed(basis, symmetric, threads);
    const Eigen inner = symmetric_eigen(product_transposed(image, basis, threads));
    basis = mixed(inner.vectors, basis);
    Matrix<double> rotated = mixed(inner.vectors, image);
    const double residual = largest_residual(rotated, basis, inner.values, components);
    if (residual <= kTolerance * inner.values.front() || iteration == kMostIterations)
      return {inner.values, std::move(basis)};
    basis = std::move(rotated);
  }
}

void fix_sign(std::span<double> component) {
  const auto largest = std::ranges::max_element(component, {}, [](double value) { return std::abs(value); });
  if (*largest < 0) {
    for (double& value : component) value = -value;
  }
}

}  // namespace

Pca pca(const Matrix<float>& rows, std::size_t components, int threads) {
  components = std::min({components, rows.width, rows.rows - 1});
  const Matrix<double> dimensions = centred_dimensions(rows);
  const Matrix<double> scatter = product_transposed(dimensions, dimensions, threads);
  double total = 0;
  for (std::size_t d = 0; d < scatter.rows; ++d) total += scatter.row(d)[d];
  Pca result{Matrix<double>(rows.rows, components), std::vector<double>(components)};
  if (total <= 0) return result;
  Eigen eigen = leading(scatter, components, threads);
  for (std::size_t c = 0; c < components; ++c) {
    fix_sign(eigen.vectors.row(c));
    result.explained[c] = std::max(eigen.values[c], 0.0) / total;
    for (std::size_t d = 0; d < rows.width; ++d) {
      const double coefficient = eigen.vectors.row(c)[d];
      for (std::size_t i = 0; i < rows.rows; ++i)
        result.scores.row(i)[c] += coefficient * dimensions.row(d)[i];
    }
  }
  return result;
}

}  // namespace chorale::eval
