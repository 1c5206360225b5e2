#include "eval/embedding/tsne.hpp"

#include <algorithm>
#include <cmath>

#include "pipeline/runtime/error.hpp"
#include "pipeline/runtime/parallel.hpp"
#include "pipeline/runtime/random.hpp"
#include "pipeline/runtime/signals.hpp"

namespace chorale::eval {
namespace {

constexpr double kStartDeviation = 1e-4;  // of the first column in the beginning
constexpr double kJitter = 1e-6;          // so that points which are the same can part
constexpr double kSmallestGain = 0.01;

std::vector<Point> beginning(const Matrix<double>& rows) {
  double squares = 0;
  for (std::size_t i = 0; i < rows.rows; ++i) squares += rows.row(i)[0] * rows.row(i)[0];
  const double scale =
      squares > 0 ? kStartDeviation / std::sqrt(squares / static_cast<double>(rows.rows)) : 0;
  std::vector<Point> layout(rows.rows);
  runtime::RandomStream random(0);
  for (std::size_t i = 0; i < rows.rows; ++i) {
    for (std::size_t axis = 0; axis < 2; ++axis)
      layout[i][axis] = (axis < rows.width ? scale * rows.row(i)[axis] : 0) + kJitter * random.normal();
  }
  return layout;
}

Point attraction(const Affinities& affinities, std::size_t point, std::span<const Point> layout) {
  Point force = {};
  for (std::size_t k = affinities.begin[point]; k < affinities.begin[point + 1]; ++k) {
    const Point& other = layout[affinities.columns[k]];
    const double x = layout[point][0] - other[0], y = layout[point][1] - other[1];
    const double weight = affinities.values[k] / (1 + x * x + y * y);
    force[0] += weight * x;
    force[1] += weight * y;
  }
  return force;
}

// Gradient descent with momentum and a gain for each coordinate (Jacobs 1988).
class Descent {
 public:
  Descent(std::vector<Point>& layout, double rate)
      : layout_(layout), rate_(rate), step_(layout.size()), gain_(layout.size(), {1, 1}) {}

  void move(const std::vector<Point>& gradient, double momentum) {
    for (std::size_t i = 0; i < layout_.size(); ++i) {
      for (std::size_t axis = 0; axis < 2; ++axis) {
        double &step = step_[i][axis], &gain = gain_[i][axis];
        gain = step * gradient[i][axis] < 0 ? gain + 0.2 : std::max(gain * 0.8, kSmallestGain);
        step = momentum * step - rate_ * gain * gradient[i][axis];
        layout_[i][axis] += step;
      }
    }
  }

 private:
  std::vector<Point>& layout_;
  double rate_;
  std::vector<Point> step_, gain_;
};

}  // namespace

double perplexity_of(const TsneOptions& options, std::size_t points) {
  return std::min(options.perplexity, static_cast<double>(points - 1) / 3);
}

std::vector<Point> tsne_gradient(const Affinities& affinities, double exaggeration,
                                 std::span<const Point> layout, const TsneOptions& options) {
  const QuadTree tree(layout);
  std::vector<QuadTree::Repulsion> repulsions(layout.size());
  std::vector<Point> gradient(layout.size());
  runtime::parallel_for(layout.size(), options.threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      repulsions[i] = tree.repulsion(layout[i], options.theta);
      gradient[i] = attraction(affinities, i, layout);
    }
  });
  double total = 0;
  for (const auto& repulsion : repulsions) total += repulsion.weight - 1;  // without the point itself
  for (std::size_t i = 0; i < layout.size(); ++i) {
    for (std::size_t axis = 0; axis < 2; ++axis)
      gradient[i][axis] = 4 * (exaggeration * gradient[i][axis] - repulsions[i].force[axis] / total);
  }
  return gradient;
}

std::vector<Point> tsne(const Matrix<double>& rows, const TsneOptions& options) {
  const Affinities near = affinities(rows, perplexity_of(options, rows.rows), options.threads);
  std::vector<Point> layout = beginning(rows);
  Descent descent(layout, std::max(static_cast<double>(rows.rows) / options.exaggeration / 4, 50.0));
  for (int i = 0; i < options.iterations; ++i) {
    if (runtime::stop_requested()) throw runtime::Interrupted("in t-SNE; run the same command again");
    const bool early = i < options.exaggerated;
    descent.move(tsne_gradient(near, early ? options.exaggeration : 1, layout, options), early ? 0.5 : 0.8);
  }
  return layout;
}

}  // namespace chorale::eval
