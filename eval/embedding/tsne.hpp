// t-SNE: points of many dimensions in a plane, so that those that were near each other still are.
#pragma once

#include <span>
#include <vector>

#include "eval/embedding/affinities.hpp"
#include "eval/embedding/quad_tree.hpp"

namespace chorale::eval {

// Van der Maaten 2014 (Barnes-Hut t-SNE) with the settings of scikit-learn 1.5: the learning rate is the
// number of points / exaggeration / 4, 50 at least (Belkina et al. 2019).
struct TsneOptions {
  double perplexity = 30;  // at most a third of the other points: see perplexity_of()
  int iterations = 1000;
  double exaggeration = 12;  // of the affinities, in the first
  int exaggerated = 250;     // iterations
  double theta = 0.5;        // QuadTree::repulsion; 0: exact
  int threads = 1;
};

inline constexpr std::size_t kFewestTsnePoints = 10;

// What `points` points allow of the perplexity.
double perplexity_of(const TsneOptions& options, std::size_t points);

// [points, width] -> a place in the plane each. Begins with the first two columns, made very small: rows are
// to be scores of principal components (Kobak and Berens 2019). The same bits every time, on any number of
// threads. Precondition: kFewestTsnePoints rows. Throws runtime::Interrupted.
std::vector<Point> tsne(const Matrix<double>& rows, const TsneOptions& options = {});

// The gradient of the Kullback-Leibler divergence at `layout`, the affinities times `exaggeration`.
std::vector<Point> tsne_gradient(const Affinities& affinities, double exaggeration,
                                 std::span<const Point> layout, const TsneOptions& options);

}  // namespace chorale::eval
