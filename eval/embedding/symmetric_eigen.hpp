// Eigenvalues and eigenvectors of small symmetric matrices.
#pragma once

#include <vector>

#include "eval/embedding/matrix.hpp"

namespace chorale::eval {

struct Eigen {
  std::vector<double> values;  // descending
  Matrix<double> vectors;      // row i belongs to values[i]; of length 1, orthogonal
};

// Cyclic Jacobi rotations (Golub and Van Loan 2013, section 8.5): exact to rounding, O(n^3) a sweep.
// `symmetric` [n, n].
Eigen symmetric_eigen(Matrix<double> symmetric);

}  // namespace chorale::eval
