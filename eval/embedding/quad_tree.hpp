// A tree over points of a plane, for forces that far away groups of points exert as one.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace chorale::eval {

using Point = std::array<double, 2>;

// Barnes and Hut 1986. Each node covers the bounding rectangle of its points; it is divided at its middle
// until all points of a node are the same.
class QuadTree {
 public:
  explicit QuadTree(std::span<const Point> points);

  // Sums over all points p at distance d from `at`, w = 1 / (1 + d^2): of w, and of w^2 (at - p). A node
  // counts as that many points in its centre of mass when its longer side is at most `theta` times its
  // distance; 0: no node does. A point at `at` itself adds 1 to the first sum.
  struct Repulsion {
    double weight = 0;
    Point force = {};
  };
  Repulsion repulsion(const Point& at, double theta) const;

 private:
  struct Node {
    Point centre = {};         // of mass
    double count = 0;          // points
    double side2 = 0;          // square of the longer side; 0: a leaf
    std::uint32_t behind = 0;  // the first node that is not below this one
  };

  void add(std::span<Point> points, int depth);

  std::vector<Node> nodes_;  // a node stands before those below it
};

}  // namespace chorale::eval
