#include "eval/embedding/quad_tree.hpp"

#include <algorithm>

namespace chorale::eval {
namespace {

constexpr int kDeepest = 60;  // halvings of a rectangle: there, points differ by rounding alone

}  // namespace

QuadTree::QuadTree(std::span<const Point> points) {
  std::vector<Point> sorted(points.begin(), points.end());
  nodes_.reserve(2 * points.size());
  if (!sorted.empty()) add(sorted, 0);
}

void QuadTree::add(std::span<Point> points, int depth) {
  Point low = points.front(), high = low, sum = {};
  for (const Point& point : points) {
    for (std::size_t axis = 0; axis < 2; ++axis) {
      low[axis] = std::min(low[axis], point[axis]);
      high[axis] = std::max(high[axis], point[axis]);
      sum[axis] += point[axis];
    }
  }
  const auto count = static_cast<double>(points.size());
  const double side = std::max(high[0] - low[0], high[1] - low[1]);
  const bool leaf = side == 0 || depth == kDeepest;
  const std::size_t mine = nodes_.size();
  nodes_.push_back(
      {.centre = {sum[0] / count, sum[1] / count}, .count = count, .side2 = leaf ? 0 : side * side});
  if (!leaf) {
    const Point middle = {(low[0] + high[0]) / 2, (low[1] + high[1]) / 2};
    const auto below = [&](std::size_t axis) {
      return [&middle, axis](const Point& point) { return point[axis] <= middle[axis]; };
    };
    const auto upper = std::partition(points.begin(), points.end(), below(1));
    const std::span<Point> halves[] = {{points.begin(), upper}, {upper, points.end()}};
    for (const auto half : halves) {
      const auto right = std::partition(half.begin(), half.end(), below(0));
      if (right != half.begin()) add({half.begin(), right}, depth + 1);
      if (right != half.end()) add({right, half.end()}, depth + 1);
    }
  }
  nodes_[mine].behind = static_cast<std::uint32_t>(nodes_.size());
}

QuadTree::Repulsion QuadTree::repulsion(const Point& at, double theta) const {
  const double theta2 = theta * theta;
  Repulsion result;
  for (std::size_t i = 0; i < nodes_.size();) {
    const Node& node = nodes_[i];
    const double x = at[0] - node.centre[0], y = at[1] - node.centre[1];
    const double distance2 = x * x + y * y;
    if (node.side2 > theta2 * distance2) {
      ++i;
      continue;
    }
    const double weight = 1 / (1 + distance2);
    const double many = node.count * weight;
    result.weight += many;
    result.force[0] += many * weight * x;
    result.force[1] += many * weight * y;
    i = node.behind;
  }
  return result;
}

}  // namespace chorale::eval
