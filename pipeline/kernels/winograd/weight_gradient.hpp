// dw; see kernels.hpp.
#pragma once

#include "pipeline/kernels/winograd/convolve.hpp"

namespace chorale::kernels {
namespace {

// Of the channels from c of the four positions of a tile.
template <class Element>
CHORALE_INLINE void points_of_tile(const Element* const (&tile)[4], std::int64_t c, Vec (&points)[kPoints]) {
  const Vec dy[4] = {load(tile[0] + c), load(tile[1] + c), load(tile[2] + c), load(tile[3] + c)};
  transform_both_ways<2, 4>(
      dy, points, [](const Vec(&y)[2], Vec(&z)[4]) CHORALE_INLINE_LAMBDA { gradient_transform(y, z); });
}

// Squares of `Size` x `Size` positions, with as many before the tile's corner as `margin`.
template <class Element, int Size, class Transform>
CHORALE_INLINE void square_points(const TilePoints<Element>& t, std::int64_t margin, std::int64_t first,
                                  std::int64_t last, const Transform& transform) {
  constexpr int kStep = kTogether<Element>;
  const Position<const Element> position{t.tiling, t.image, t.channels, kZeros<Element>};
  const std::int64_t size = point_size(t.channels, t.count);
  for (std::int64_t at = 2 * first; at < 2 * last; at += kStep) {
    const Element* squares[kStep][Size * Size];
    for (int i = 0; i < kStep; ++i) {
      if (t.first + at + i < t.last) {
        position.template square<Size>(t.first + at + i, margin, squares[i]);
      } else {
        for (auto& outside : squares[i]) outside = kZeros<Element>;
      }
    }
    for (std::int64_t c = 0; c < t.channels; c += kLanes) {
      const std::int64_t begin = c / kPanel * kPanel, width = smaller(kPanel, t.channels - begin);
      Element* to = t.points + begin * t.count + at * width + (c - begin) * kStep;
      Vec points[kPoints][kStep];
#pragma GCC unroll 2
      for (int i = 0; i < kStep; ++i) {
        Vec own[kPoints];
        transform(squares[i], c, own);
#pragma GCC unroll 16
        for (int p = 0; p < kPoints; ++p) points[p][i] = own[p];
      }
#pragma GCC unroll 16
      for (int p = 0; p < kPoints; ++p) store_together(to + p * size, points[p]);
    }
  }
}

template <class Element>
void patch_points(const TilePoints<Element>& t, std::int64_t first, std::int64_t last) {
  square_points<Element, 4>(t, 1, first, last,
                            [](const auto& patch, std::int64_t c, Vec(&points)[kPoints])
                                CHORALE_INLINE_LAMBDA { points_of_patch(patch, c, points); });
}

template <class Element>
void gradient_points(const TilePoints<Element>& t, std::int64_t first, std::int64_t last) {
  square_points<Element, 2>(t, 0, first, last,
                            [](const auto& tile, std::int64_t c, Vec(&points)[kPoints])
                                CHORALE_INLINE_LAMBDA { points_of_tile(tile, c, points); });
}

// A part is a panel of outputs at a point.
template <class Element>
void add_products(const PointProducts<Element>& t, std::int64_t first, std::int64_t last) {
  const std::int64_t panels = (t.outputs + kPanel - 1) / kPanel;
  for (std::int64_t part = first; part < last; ++part) {
    const std::int64_t p = part / panels, begin = part % panels * kPanel;
    add_transposed_panel(t.dy + p * point_size(t.outputs, t.count) + begin * t.count,
                         smaller(kPanel, t.outputs - begin), t.x + p * point_size(t.inputs, t.count),
                         t.inputs, t.count, t.sums + (p * t.outputs + begin) * t.inputs, t.inputs, t.begins);
  }
}

}  // namespace
}  // namespace chorale::kernels
