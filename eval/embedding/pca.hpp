// Principal components.
#pragma once

#include <vector>

#include "eval/embedding/matrix.hpp"

namespace chorale::eval {

struct Pca {
  Matrix<double> scores;  // [rows, components]: the centred rows along the components
  std::vector<double>
      explained;  // [components] part of the variance, descending; 0 where all rows are the same
};

// The first `components` (at most the width of the rows, and one fewer than there are rows), as
// scikit-learn's PCA: of each component the largest coefficient is positive. Orthogonal iteration with
// Rayleigh-Ritz steps (Golub and Van Loan 2013, section 8.2.4) on the covariance. The same bits on any number
// of threads. Precondition: 2 rows.
Pca pca(const Matrix<float>& rows, std::size_t components, int threads);

}  // namespace chorale::eval
