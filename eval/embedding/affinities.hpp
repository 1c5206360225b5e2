// Which points are near each other, as t-SNE sees it.
#pragma once

#include <cstdint>
#include <vector>

#include "eval/embedding/matrix.hpp"

namespace chorale::eval {

// A sparse symmetric matrix; all values together are 1.
struct Affinities {
  std::vector<std::size_t> begin;      // [points + 1]: row i is [begin[i], begin[i + 1])
  std::vector<std::uint32_t> columns;  // ascending in a row
  std::vector<double> values;
};

// Gaussian affinities to the 3 * perplexity + 1 nearest other points (Euclidean; all of them where there are
// fewer), of a width for each point such that its perplexity is `perplexity`, made symmetric (van der Maaten
// 2014, equations 1, 6 and 7).
Affinities affinities(const Matrix<double>& points, double perplexity, int threads);

}  // namespace chorale::eval
