// Filters to points and back; see kernels.hpp.
#pragma once

#include "pipeline/kernels/simd/products.hpp"
#include "pipeline/kernels/winograd/kernels.hpp"
#include "pipeline/kernels/winograd/transforms.hpp"

namespace chorale::kernels {
namespace {

// Filters [outputs, 3, 3, inputs] as matrices [depth, columns] of filters.
struct FilterMatrix {
  const float* filters;
  std::int64_t outputs, inputs;
  bool turned;

  std::int64_t columns() const { return turned ? inputs : outputs; }
  std::int64_t depth() const { return turned ? outputs : inputs; }

  // Of `kLanes` columns from `column`.
  CHORALE_INLINE void load_filters(std::int64_t depth_at, std::int64_t column, Vec (&w)[9]) const {
#pragma GCC unroll 9
    for (int tap = 0; tap < 9; ++tap) {
      if (turned) {
        w[8 - tap] = load(filters + (depth_at * 9 + tap) * inputs + column);
      } else {
        const float* from = filters + (column * 9 + tap) * inputs + depth_at;
        Vec taps = {};
        for (int lane = 0; lane < kLanes; ++lane) taps[lane] = from[lane * 9 * inputs];
        w[tap] = taps;
      }
    }
  }
};

CHORALE_INLINE void points_of_filter(const Vec (&w)[9], Vec (&points)[kPoints]) {
  transform_both_ways<3, 4>(
      w, points, [](const Vec(&g)[3], Vec(&u)[4]) CHORALE_INLINE_LAMBDA { filter_transform(g, u); });
}

template <class Element>
CHORALE_INLINE void pack_points(const FilterMatrix& matrix, std::int64_t vector, std::int64_t step,
                                Element* packed) {
  constexpr int kStep = kTogether<Element>;
  const std::int64_t begin = vector / kPanelVectors * kPanel,
                     width = smaller(kPanel, matrix.columns() - begin);
  Vec points[kPoints][kStep];
  for (int i = 0; i < kStep; ++i) {
    Vec w[9], own[kPoints];
    matrix.load_filters(step * kStep + i, vector * kLanes, w);
    points_of_filter(w, own);
    for (int p = 0; p < kPoints; ++p) points[p][i] = own[p];
  }
  Element* to = packed + begin * kPoints * matrix.depth() + (step * width + vector * kLanes - begin) * kStep;
  for (int p = 0; p < kPoints; ++p) store_together(to + p * width * matrix.depth(), points[p]);
}

template <class Element>
void pack_filters(const float* filters, std::int64_t outputs, std::int64_t inputs, bool turned,
                  std::int64_t first, std::int64_t last, Element* packed) {
  constexpr std::int64_t kStepsAPart = 2 / kTogether<Element>;
  const FilterMatrix matrix{filters, outputs, inputs, turned};
  const std::int64_t parts = matrix.depth() / 2;
  for (std::int64_t part = first; part < last; ++part) {
    for (std::int64_t i = 0; i < kStepsAPart; ++i) {
      pack_points(matrix, part / parts, part % parts * kStepsAPart + i, packed);
    }
  }
}

inline void filter_gradient(const float* sums, std::int64_t parts, std::int64_t outputs, std::int64_t inputs,
                            std::int64_t first, std::int64_t last, float* gradient) {
  for (std::int64_t output = first; output < last; ++output) {
    for (std::int64_t c = 0; c < inputs; c += kLanes) {
      Vec points[kPoints] = {}, w[9];
      for (std::int64_t part = 0; part < parts; ++part) {
        const float* from = sums + (part * kPoints * outputs + output) * inputs + c;
        for (int p = 0; p < kPoints; ++p) points[p] += load(from + p * outputs * inputs);
      }
      transform_both_ways<4, 3>(points, w, [](const Vec(&in)[4], Vec(&out)[3]) CHORALE_INLINE_LAMBDA {
        filter_gradient_transform(in, out);
      });
      for (int tap = 0; tap < 9; ++tap) store(gradient + (output * 9 + tap) * inputs + c, w[tap]);
    }
  }
}

}  // namespace
}  // namespace chorale::kernels
